# Everything a newcomer needs; `make` alone lists it. Only python3 with its venv module, make and git are expected.
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench lock serve worker clean

VENV ?= .venv
PYTHON ?= python3
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ARGS ?=
export VENV PYTHON

COMPILE = $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header $(if $(UPGRADE),--upgrade)

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

demo: ## Try it: made-up data, application and worker; prints the address and the accounts (Ctrl-C stops)
	@.ci/prepare runtime
	@exec $(VENV)/bin/aiguillage demo $(ARGS)

test: ## Run every check and test, on SQLite, PostgreSQL and in a browser (ARGS=… goes to pytest)
	@.ci/prepare dev
	@exec $(VENV)/bin/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

lint: ## Style, types and layers only
	@.ci/prepare dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo

bench: ## Measure; the figures go to docs/performance.md
	@.ci/prepare dev
	@exec $(VENV)/bin/python -m bench $(ARGS)

lock: ## Write the lock files again from pyproject.toml (UPGRADE=1 takes newer versions)
	@.ci/prepare runtime
	$(COMPILE) --group bootstrap -o requirements-bootstrap.lock
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements.lock -o requirements-dev.lock
	$(COMPILE) pyproject.toml --extra train --constraint requirements-dev.lock -o requirements-train.lock

serve: ## Serve the application of config.toml
	@.ci/prepare runtime
	@exec $(VENV)/bin/aiguillage serve $(ARGS)

worker: ## Run the worker of config.toml: deadlines, escalations, messages
	@.ci/prepare runtime
	@exec $(VENV)/bin/aiguillage worker $(ARGS)

clean: ## Remove what can be made again; the data stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
