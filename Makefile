# Two commands: `make run` and `make test`. Everything else serves them.
PYTHON ?= python3
VENV := .venv/bin
# one more than two cores: browser tests wait for real deadlines
WORKERS ?= 3

.PHONY: run reset setup dev test test-long lint types bench lock clean

run: setup
	@exec $(VENV)/jicai demo run

reset: setup
	@$(VENV)/jicai demo reset

setup:
	@$(PYTHON) bootstrap.py run

dev:
	@$(PYTHON) bootstrap.py dev

lint: dev
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports --no-cache

types: dev
	$(VENV)/mypy

test: lint types
	$(VENV)/pytest -n $(WORKERS) --dist loadgroup -m "not long"

test-long: dev
	$(VENV)/pytest -n $(WORKERS) -m long

bench: dev
	$(VENV)/python -m tests.bench $(addprefix --only ,$(only))

# Maintainers: bring the pins up to date. The files hold hashes and no registry's address.
lock: dev
	cd requirements && for part in uv run dev; do \
	  ../$(VENV)/uv pip compile --upgrade --generate-hashes --no-header --python-version 3.11 -q -o $$part.txt $$part.in; done

clean:
	rm -rf .venv var node_modules static/vendor
