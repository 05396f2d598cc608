"""Droplets in Docker, from the very same inventory. No module here imports pyinfra."""
