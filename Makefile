# xroute: `make plan` makes a plan for the shipped case, `make test` tests all of it.
# Needs python3.11 or newer, cargo and make; uses uv where it is on PATH, pip otherwise.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3.11
VENV := $(CURDIR)/.venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
UV := $(shell command -v uv 2>/dev/null)
CASE := data/cases/china-to-consumers
PLAN := out/plan
export VIRTUAL_ENV := $(VENV)

ifdef UV
new_venv = uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)
install = uv pip install --quiet --python $(BIN)/python
develop_flags := --uv
else
new_venv = $(PYTHON) -m venv $(VENV)
install = $(BIN)/python -m pip install --quiet --disable-pip-version-check
develop_flags :=
endif

core_sources := $(shell find crates -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock pyproject.toml
python_sources := $(shell find python/xroute -name '*.py' -o -path '*/data/*' -type f -o -path '*/templates/*' -type f)
case_sources := $(shell find $(CASE) -type f 2>/dev/null)

.PHONY: help plan test oracle check bench network maps build readme clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

plan: $(PLAN)/audit.json ## the plan of the shipped case, in out/plan
	@echo "The plan is in $(PLAN): open $(PLAN)/plan.html"

build: $(STAMPS)/core ## .venv with the release build of the core

test: $(STAMPS)/dev $(PLAN)/audit.json ## all tests, oracles on samples; the report test opens the real plan
	cargo test --release --locked --quiet -p xroute-core -p xroute-io
	$(BIN)/python -m pytest

oracle: $(STAMPS)/core $(STAMPS)/dev ## the oracles with their full counts
	XROUTE_ORACLE=full cargo test --release --locked --quiet -p xroute-core -p xroute-io
	XROUTE_ORACLE=full $(BIN)/python -m pytest tests/oracle tests/property

check: $(STAMPS)/core $(STAMPS)/dev ## formats, lints, types, stubs and gates
	cargo fmt --check
	cargo clippy --release --locked --quiet --workspace --all-targets -- -D warnings
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/stubtest xroute._core --mypy-config-file pyproject.toml --allowlist tests/gates/stubtest-allowlist.txt
	$(BIN)/python -m pytest --quiet tests/gates
	@if command -v cargo-deny >/dev/null; then cargo deny --locked check; \
	else echo "cargo-deny is not installed: advisories and licences of crates were not checked"; fi

bench: $(STAMPS)/core $(STAMPS)/bench ## speed beside peers, in one run; writes benches/RESULTS.md
	@mkdir -p out
	$(BIN)/python -m pytest -o addopts=--import-mode=importlib --quiet --benchmark-only --benchmark-quiet \
		--benchmark-disable-gc --benchmark-timer=time.process_time --benchmark-json=out/bench.json benches
	@rm -f out/bench-*.txt
	$(BIN)/python -W ignore -m benches.fronts 10 >out/bench-fronts.txt
	$(BIN)/python -W ignore -m benches.pareto_pairs 200 >out/bench-pareto_pairs.txt
	$(BIN)/python -W ignore -m benches.shipments 50000 >out/bench-shipments.txt
	$(BIN)/python -W ignore -m benches.threads 3 >out/bench-threads.txt
	$(BIN)/python -W ignore -m benches.big_network >out/bench-big_network.txt
	$(BIN)/python -W ignore -m benches.interrupts 20 >out/bench-interrupts.txt
	$(BIN)/python -W ignore -m benches.allocation_ratios >out/bench-allocation_ratios.txt
	$(BIN)/python -m benches.summary out/bench.json --write benches/RESULTS.md --printed out/bench-*.txt
	cargo bench --locked --quiet -p xroute-bench

network: $(STAMPS)/core $(STAMPS)/network ## data/networks from its sources, and the package data from both
	$(BIN)/python data/build/network.py
	$(BIN)/python data/build/package.py

maps: $(STAMPS)/core ## pictures of the network in out/maps
	$(BIN)/python data/build/pictures.py

readme: $(STAMPS)/core ## the output that README.md shows, written anew
	$(BIN)/python tests/docs/test_readme.py

clean: ## everything that was made here
	rm -rf .venv out target dist .hypothesis .mypy_cache .ruff_cache .pytest_cache .benchmarks
	rm -f python/xroute/_core*.so
	find python tests data benches -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# A stamp is a file that is newer than what it was made from.
$(STAMPS)/build: requirements/build.txt
	$(new_venv)
	$(install) -r $<
	@mkdir -p $(@D) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/build
	$(install) -r $<
	@touch $@

$(STAMPS)/bench: requirements/bench.txt $(STAMPS)/dev
	$(install) -r $<
	@touch $@

$(STAMPS)/network: data/build/requirements.txt $(STAMPS)/dev
	$(install) --no-deps -r $<
	@touch $@

$(STAMPS)/core: $(core_sources) $(STAMPS)/build
	$(BIN)/maturin develop --release --locked $(develop_flags)
	@touch $@

# The plan folder appears whole or not at all, so its audit record stands for all of it.
$(PLAN)/audit.json: $(STAMPS)/core $(python_sources) $(case_sources)
	$(BIN)/xroute plan $(CASE)/scenario.toml -o $(PLAN)
	@touch $@
