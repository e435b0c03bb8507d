# Everything runs from a virtual environment made from the hashed lock files; a fresh machine
# needs Python 3.11+, make and a package index, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?=
IMAGE ?= beleg:latest
ARGS ?=
DATA ?=
GOLD ?= tests/gold/dev
ENGINE ?= rules
ARTICLES ?= 2000
STORE ?= sqlite
SPLIT ?= dev
CASES ?= 10000

.DEFAULT_GOAL := help
.PHONY: help setup lock run demo test test-faults soak lint format openapi reference audit images bench bench-gold bench-search bench-post train contract browser

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## make the virtual environment from requirements/dev.txt

$(VENV)/.installed: requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable client
	@touch $@

lock: ## resolve pyproject.toml into requirements/*.txt, with hashes
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml --extra dev -c requirements/run.txt -o requirements/dev.txt

run: setup ## start Redis, worker, sweeper and HTTP on 127.0.0.1:8000 or PORT=; Ctrl-C stops them
	@$(BIN)/python -m services.run $(if $(PORT),--port $(PORT))

demo: setup ## start everything on a free port, submit examples/, print who said what, stop
	@$(BIN)/python -m services.run.demo

test: setup browser ## run every test, with the coverage gate; ARGS= goes to pytest
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup --cov --cov-report=term $(ARGS)

browser: ## install Chromium for the browser tests where that is possible
	@deploy/browser

test-faults: setup ## break what can break, on real processes and both stores
	@$(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup tests/faults $(ARGS)

soak: setup ## ARTICLES= articles while faults from SEED= strike, on STORE=sqlite or postgres
	@$(BIN)/python -m bench.soak --articles $(ARTICLES) --store $(STORE) $(if $(SEED),--seed $(SEED))

lint: setup ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## let ruff format and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: setup ## write the OpenAPI document from the routes
	$(BIN)/python -m services.run.openapi

reference: setup ## write docs/api.md, docs/settings.md and docs/problems.md from the code
	$(BIN)/python -m services.run.reference

audit: setup ## look up known vulnerabilities of the locked dependencies
	$(BIN)/pip-audit --strict --progress-spinner=off --disable-pip --require-hashes --requirement requirements/run.txt
	$(BIN)/pip-audit --strict --progress-spinner=off --disable-pip --require-hashes --requirement requirements/dev.txt

images: ## build the container image IMAGE= with docker or buildah; BASE_IMAGE= names another base
	@deploy/build $(IMAGE)

bench: setup ## measure an engine: make bench DATA=folder [SPLIT=dev] [ENGINE=rules]
	@test -n "$(DATA)" || { echo "Say where the data is: make bench DATA=folder"; exit 2; }
	@$(BIN)/python -m bench.accuracy --split $(SPLIT) --engine $(ENGINE) $(DATA)

train: setup ## from annotated data to the shipped model: make train DATA=folder (see training/README.md)
	@test -n "$(DATA)" || { echo "Say where the data is: make train DATA=folder"; exit 2; }
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m training $(DATA)

bench-gold: setup ## whom it means, chain, date and stance, of ENGINE= on the gold articles in GOLD=
	$(BIN)/python -m bench.gold --engine $(ENGINE) $(GOLD)

bench-search: setup ## full-text search over 100,000 records, on SQLite and PostgreSQL
	$(BIN)/python -m bench.search

bench-post: setup ## how long a POST takes while the worker is busy, and while Redis hangs
	$(BIN)/python -m bench.posting

contract: setup ## try the API with CASES= requests a machine thought of
	CASES=$(CASES) $(BIN)/python -m pytest -q tests/service/test_contract.py
