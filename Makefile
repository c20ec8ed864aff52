# Each target does its own set-up; a machine needs Python 3.11 or newer, make, bash and the package indexes.
SHELL := bash
PY := .venv/bin/python
WORKERS ?= 4
CODE := bridge tests benchmarks
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist worksteal
# What is quick and proves the decisions is measured; measuring the rest would take as long as running it.
DECISIONS := tests/unit tests/config tests/docs tests/architecture
COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
export PYTHON CHROMIUM

.DEFAULT_GOAL := help
.PHONY: help sandbox test lint types bench check soak format lock clean setup browser witness

help: ## what can be asked for
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

sandbox: ## a pretend Slack, a pretend Twilio and the bridge between them, on one page
	@.ci/setup runtime
	@$(PY) -m bridge sandbox $(ARGS)

test: setup browser witness lint types ## lint, types and every test, with the coverage that decisions need
	$(PYTEST) $(DECISIONS) --cov
	$(PYTEST) $(DECISIONS:%=--ignore=%)

lint: setup ## style, form and the layers
	$(PY) -m ruff check $(CODE)
	$(PY) -m ruff format --check $(CODE)
	.venv/bin/lint-imports --no-cache

types: setup ## pyright, strict
	$(PY) -m pyright

bench: setup ## every yardstick against its floor; the last line of each is its result
	@failed=; for file in benchmarks/[!_]*.py; do name=$$(basename $$file .py); echo "== $$name"; \
	$(PY) -m benchmarks.$$name || failed="$$failed $$name"; done; \
	[ -z "$$failed" ] || { echo "failed:$$failed" >&2; exit 1; }

soak: setup ## kills the real process at random for minutes and compares both ends; ARGS="--platform both --encrypted" with Matrix
	$(PY) -m tests.soak --kills 500 $(ARGS)

check: test bench ## all of it

format: setup ## put the code in form
	$(PY) -m ruff check --fix $(CODE)
	$(PY) -m ruff format $(CODE)

lock: ## work out the locked dependencies again (make lock UPGRADE=--upgrade: the newest)
	@.ci/setup dev
	@uv=$$(command -v uv || echo "$(PY) -m uv"); \
	$$uv $(COMPILE) $(UPGRADE) --extra e2e --extra language pyproject.toml -o requirements.lock && \
	$$uv $(COMPILE) $(UPGRADE) --extra e2e --extra language --group dev --group bench -c requirements.lock pyproject.toml -o requirements-dev.lock && \
	$(PY) -c "from bridge.sandbox.matrix.installation import REQUIREMENT; print(REQUIREMENT)" | \
	$$uv $(COMPILE) $(UPGRADE) -c requirements-dev.lock - -o bridge/sandbox/matrix/synapse.lock

clean: ## remove the environment and everything made by running
	rm -rf .venv tests/services/witness/node_modules .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* dist build
	find bridge tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@.ci/setup dev

browser:
	@.ci/chromium

witness: setup
	@.ci/witness
