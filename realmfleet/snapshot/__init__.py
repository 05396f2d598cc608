"""All facts of a droplet from one exec: a run then costs what the network costs.

Only the questions are remembered from run to run, never an answer. What was answered is forgotten
as soon as anything may have changed: an operation of ours, or a stage barrier.
"""
