# `make run` judges this repository; `make check` is the gate's subset for before a push; `make test` is the whole gate.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check --no-input
CODE := infra src tests bench ci

.PHONY: run check test bench format lint types guardrails tests coverage lock clean

run: $(VENV)/.run
	$(BIN)/selfcheck run --verbose

test: $(VENV)/.dev lint types guardrails tests

check: $(VENV)/.dev lint guardrails
	$(BIN)/mypy
	$(BIN)/pytest -q -n auto -m "not slow"

bench: $(VENV)/.dev
	$(BIN)/python -m bench $(ONLY)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)

format: $(VENV)/.dev
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

types: $(VENV)/.dev
	$(BIN)/mypy
	$(BIN)/basedpyright --warnings

guardrails: $(VENV)/.dev
	$(BIN)/selfcheck run
	$(BIN)/selfcheck prove
	$(BIN)/selfcheck test

tests: $(VENV)/.dev
	$(BIN)/pytest -q -n auto

# The same tests, traced: nearly twice the time.
coverage: $(VENV)/.dev
	$(BIN)/pytest -q -n auto --cov --cov-report=term:skip-covered

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The locks hold hashes; --no-deps and --no-build-isolation keep the editable install inside them.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/.run

# Needs uv. The locks name packages, versions and hashes; never an index.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-find-links
lock:
	$(LOCK) pyproject.toml --group build -o requirements/run.txt
	$(LOCK) pyproject.toml --group dev -o requirements/dev.txt

clean:
	rm -rf $(VENV) .coverage* .mypy_cache .pytest_cache .ruff_cache dist
