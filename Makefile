# Two commands on a fresh machine: `make demo` and `make test`. They need python3 (3.11 or newer, with venv) and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
ENGINES := $(VENV)/.installed-engines
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The tests of a file stay together: what they share is made once.
APART := -n 2 --dist loadfile --no-loadscope-reorder
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help demo test test-engines lint bench soak lock reference browser java postgres clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: $(RUN) ## make a believable company and open its dashboard
	$(BIN)/tenure demo $(ARGS)

test: $(DEV) $(if $(CI),$(ENGINES)) browser java postgres ## every test that belongs to every change (ARGS="-k mrr" for some)
	$(BIN)/python -m pytest $(APART) $(ARGS)

test-engines: $(ENGINES) java postgres ## the engines alone, each a real one: Postgres, ClickHouse, Spark; the slow ones too
	$(BIN)/python -m pytest $(APART) -m "soak or not soak" tests/engines $(ARGS)

lint: $(DEV) ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEV) ## the promised speeds, as ratios on this machine
	$(BIN)/python -m benchmarks $(ARGS)

soak: $(ENGINES) browser java postgres ## the slow rest: many more made-up companies, larger files
	$(BIN)/python -m pytest $(APART) -m "soak or not soak" --hypothesis-profile=soak $(ARGS)

lock: $(DEV) ## pin every dependency anew, with hashes (then: make test)
	$(LOCK) --upgrade --group pyproject.toml:build pyproject.toml -o requirements/run.txt
	$(LOCK) --upgrade --group pyproject.toml:dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	$(LOCK) --upgrade --group pyproject.toml:engines -c requirements/dev.txt pyproject.toml -o requirements/engines.txt

reference: $(DEV) ## write docs/reference from the program itself
	$(BIN)/python docs/reference.py

browser: # tests of the dashboard drive a real browser; in CI it must be there
	@if [ -n "$$CI" ]; then .ci/browser; fi

java: # tests of Spark run a cluster; in CI it must be there
	@if [ -n "$$CI" ]; then .ci/java; fi

postgres: # tests of Postgres run a server; in CI it must be there
	@if [ -n "$$CI" ]; then .ci/postgres; fi

clean: ## forget the environment and every cache
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Tenure needs Python 3.11 or newer, and '$(PYTHON)' is not. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' || { \
	  echo "'$(PYTHON)' cannot make environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src # pip compiles what it copies; so the first command is as quick as the next
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# Apart from the rest, since it is as large as all of it: without it the tests of Spark skip, except in CI.
$(ENGINES): requirements/engines.txt $(DEV)
	$(PIP) --require-hashes --no-build-isolation -r requirements/engines.txt
	@touch $@
