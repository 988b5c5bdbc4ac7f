# Everything runs in .venv, which is built from constraints.txt when it is missing or stale.
# PYTHON=python3.12 chooses the interpreter; ARGS=… goes to the command behind a target.

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
RANGE := (3, 11) <= sys.version_info < (3, 14)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench strangers clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## build .venv

demo: $(READY) ## the bot, a WeCom of its own and a demo company, in the browser
	@$(BIN)/gendan demo $(ARGS)

test: $(READY) ## pytest; on PostgreSQL as well where TEST_DATABASE_URL is set
	@$(BIN)/pytest -n 4 $(ARGS)

check: $(READY) ## ruff, mypy --strict, the layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/pytest tests/test_layers.py tests/test_house.py

bench: $(READY) ## the measures of DESIGN §9, each beside what it is compared to
	@$(BIN)/python -m bench $(ARGS)

strangers: $(READY) ## clients that others wrote, each in its own environment, against the simulator
	@$(BIN)/python -m tests.strangers $(ARGS)

clean: ## remove .venv and everything that tools left behind
	rm -rf $(VENV) .strangers build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@python=""; \
	for each in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
	    if "$$each" -c 'import sys; sys.exit(not ($(RANGE)))' 2>/dev/null; \
	    then python="$$each"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Gendan needs Python 3.11, 3.12 or 3.13, and $(or $(PYTHON),python3) is none of them:" \
	         "install one, or name it: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3.12" >&2; \
	    exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
	    echo "$$python can't make virtual environments: its venv or ensurepip is missing." \
	         "On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	    exit 1; \
	fi; \
	echo "Building $(VENV) with $$("$$python" --version); this takes up to a minute, once."; \
	"$$python" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --constraint constraints.txt --editable '.[dev]'
	@touch $@
