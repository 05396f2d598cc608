# Everything a user types. `make` alone explains each target.

PYTHON ?= python3
FLEET ?= alpha
BIN := .venv/bin
REALMFLEET := $(BIN)/realmfleet
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup machine prepare built droplet game alpha test test-fast test-rehearsal test-long lint golden down clean python

help: ## explain every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## install realmfleet and its tools into .venv

# The game is built while the droplet boots; two spinners in one terminal would overwrite each other.
alpha: prepare ## rehearse the one-droplet fleet: boot, deploy, verify, say how to reach it
	@TTY_COMPATIBLE=0 $(MAKE) --no-print-directory -j2 built droplet
	@$(REALMFLEET) rehearse deploy alpha
	@$(REALMFLEET) rehearse verify alpha
	@$(REALMFLEET) rehearse show alpha

test: game ## everything that CI runs: lint, fast tests, short rehearsals
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-fast
	@$(MAKE) --no-print-directory test-rehearsal

game: prepare ## build the sample game from source into examples/game/dist
	@$(MAKE) --no-print-directory built

lint: setup ## ruff, its formatter and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

test-fast: setup ## tests that need no Docker
	@$(BIN)/pytest -m "not rehearsal and not long"

test-rehearsal: game ## short stories on droplets in Docker
	@$(BIN)/pytest -m "rehearsal and not long"

# Stories that have passed on these very files are not told again: see tests/resume.py.
test-long: game ## the long stories; goes on where it was stopped
	@RESUME=.rehearsal-long/$$({ git rev-parse 'HEAD^{tree}'; git diff HEAD; } | sha256sum | \
	  cut -c1-16) PYTHONPATH=. $(BIN)/pytest -p tests.resume -m long

golden: setup ## write the golden files anew and show what changed in them
	@$(BIN)/pytest -q tests/text --update-golden
	@git diff --stat -- tests/text/golden

down: setup ## remove the rehearsal of FLEET (alpha)
	@$(REALMFLEET) rehearse down $(FLEET)

clean: ## remove the rehearsal, downloaded packages, images, what was built, .venv and caches
	@test ! -x $(REALMFLEET) || $(REALMFLEET) rehearse down $(FLEET) --all
	@rm -rf .venv .rehearsal .rehearsal-logs .rehearsal-long examples/game/dist *.egg-info
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

built:
	@$(BIN)/python examples/game/build.py

droplet:
	@$(REALMFLEET) rehearse up alpha

# pip downloads while apt installs: on a fresh machine that saves half a minute.
prepare:
	@$(MAKE) --no-print-directory -j2 setup machine

# Docker and mmdebstrap where they are missing; a running engine.
machine: python
	@$(PYTHON) -m realmfleet.rehearsal.machine

$(STAMP): pyproject.toml | python
	@echo "Installing realmfleet into .venv"
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  $(PYTHON) -m realmfleet.rehearsal.machine python3-venv
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "realmfleet needs Python 3.11 or newer; name one: make PYTHON=python3.12 alpha"; exit 1; }
