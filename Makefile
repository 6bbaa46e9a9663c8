# What a newcomer guesses: make run, make test, make lint, make bench, make screens.
PYTHON := .venv/bin/python
export PYTHONPATH := src
.PHONY: help run test thorough lint bench screens dev

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/  /'

run: ## set everything up and open the demo practice
	@./kneadwork demo

dev: ## the environment for tests
	@sh scripts/developer_environment.sh

test: lint ## lint, types, import rules and every test, on SQLite and PostgreSQL
	@$(PYTHON) -m pytest -n 2
	@$(PYTHON) -m pytest -n 2 -m database --database=postgresql

thorough: lint ## the same with all of what the tests sample, by chance anew: hours
	@THOROUGH=1 $(PYTHON) -m pytest -n 2

lint: dev ## style, import rules, types, migrations
	@$(PYTHON) -m ruff check src tests bench
	@$(PYTHON) -m ruff format --check src tests bench
	@PYTHONPATH=src .venv/bin/lint-imports
	@$(PYTHON) -m mypy
	@KNEADWORK_HOME=$$(mktemp -d) $(PYTHON) -m django makemigrations --check --dry-run --settings kneadwork.settings

bench: dev ## measure the paths that matter, against a floor in the same run
	@for file in bench/bench_*.py; do echo "== $$file"; $(PYTHON) $$file; done

screens: dev ## pictures of every page of the demo practice
	@$(PYTHON) scripts/screens.py
