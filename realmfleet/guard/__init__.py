"""What config.py calls: it refuses a bad run before pyinfra contacts any droplet."""
