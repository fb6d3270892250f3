# Every target sets up what it needs; nothing but Python 3.12, make and a package registry is assumed.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install --no-build-isolation
WORKERS ?= 2
ARGS ?=
# Small matrices only: more BLAS threads would wait for each other.
export OPENBLAS_NUM_THREADS ?= 1
PYTEST := $(BIN)/python -m pytest

.PHONY: help install install-spark demo test test-postgres test-spark test-browser test-long check check-style check-types check-layers check-docs check-web format docs screenshots bench bench-web bench-peers calibrate tournament lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo          the pages on a simulated company, somebody of each role"
	@echo "make test          everything that needs neither Spark nor a browser"
	@echo "make check         style, types, layers, migrations, translations, docs"
	@echo "make docs          the documentation, into docs/_build/html"
	@echo "make screenshots   the pictures of README and docs, in Chromium"
	@echo "make bench         speed and memory, beside hand-written SQL"
	@echo "make bench-web     the pages at a million customers; ARGS='--postgres URL': there, too"
	@echo "make bench-peers   lifetimes, pymc-marketing and clvkit beside, installed apart"
	@echo "make calibrate     recovery of known truth, coverage of intervals"
	@echo "make tournament    the models on real orders and simulated worlds: docs/tournament.md"
	@echo "make test-postgres the web on PostgreSQL (DATABASE_URL)"
	@echo "make test-spark    the engine specs on Spark (400 MB; needs Java 17)"
	@echo "make test-browser  the report in Chromium"
	@echo "make test-long     the long random runs"
	@echo "make install       .venv alone;  make lock  resolves the pins again"

install: $(VENV)/.regulars

$(VENV)/.python:
	@python=$$(sh requirements/find-python) && "$$python" -m venv $(VENV)
	@touch $@

$(VENV)/.requirements: $(VENV)/.python requirements/build.txt requirements/dev.txt
	@echo "installing the pinned requirements into $(VENV)"
	@$(PIP) --require-hashes -r requirements/build.txt
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.regulars: $(VENV)/.requirements pyproject.toml
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.spark: $(VENV)/.requirements requirements/spark.txt
	@echo "installing PySpark into $(VENV)"
	@$(PIP) --require-hashes -r requirements/spark.txt
	@touch $@

demo: install
	@$(BIN)/regulars demo --serve $(ARGS)

test: install
	$(PYTEST) -n $(WORKERS) --dist worksteal -m "not spark and not browser and not postgres and not long" $(ARGS)

test-postgres: install
	@test -n "$(DATABASE_URL)" || { echo "set DATABASE_URL, such as postgresql://postgres@127.0.0.1:5432/regulars"; exit 2; }
	DATABASE_URL=$(DATABASE_URL) $(PYTEST) -n $(WORKERS) --dist worksteal tests/web tests/permissions -m "(postgres or not own_database) and not browser and not long" $(ARGS)

install-spark: install $(VENV)/.spark

test-spark: install-spark
	$(PYTEST) tests/spec -m "spark and not long" $(ARGS)

test-browser: install
	$(PYTEST) -n $(WORKERS) --dist loadfile tests/browser -m "browser and not long" $(ARGS)

test-long: install-spark
	HYPOTHESIS_PROFILE=long $(PYTEST) -n $(WORKERS) $(ARGS)

check: check-style check-types check-layers check-web check-docs

check-style: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

check-types: install
	$(BIN)/mypy

check-layers: install
	$(BIN)/lint-imports

# Migrations that fit the models, sentences that are translated (needs GNU gettext).
check-web: install
	DJANGO_SETTINGS_MODULE=regulars.web.config.testing $(BIN)/django-admin makemigrations --check --dry-run
	$(BIN)/python -m regulars.web.config.messages --check

check-docs: install
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: install
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html
	@echo "open docs/_build/html/index.html"

screenshots: install
	$(BIN)/python docs/images/make_screenshots.py

bench: install
	$(BIN)/python -m benchmarks $(ARGS)

bench-web: install
	$(BIN)/python -m benchmarks.web $(ARGS)

bench-peers: install
	$(BIN)/python -m benchmarks.peers --install $(ARGS)

calibrate: install
	$(BIN)/python -m benchmarks.calibrate $(ARGS)

tournament: install
	$(BIN)/python -m benchmarks.tournament $(ARGS)

lock: install
	sh requirements/lock

clean:
	rm -rf $(VENV) .venv-peers docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo
