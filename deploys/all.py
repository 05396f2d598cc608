"""The whole fleet, layer by layer. Every layer also runs alone."""

from pyinfra import local

from realmfleet.operations.stage import barrier

local.include("deploys/base.py")
barrier(name="Stage: data", stage="data")
local.include("deploys/data.py")
barrier(name="Stage: game", stage="game")
local.include("deploys/game.py")
barrier(name="Stage: edge", stage="edge")
local.include("deploys/edge.py")
barrier(name="Stage: exporters", stage="exporters")
local.include("deploys/exporters.py")
barrier(name="Stage: monitoring", stage="monitoring")
local.include("deploys/monitoring.py")
barrier(name="Stage: done", stage="done")
