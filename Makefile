# Needs Python 3.11 or newer, with its venv module, and nothing else. `make run` serves the demo on PORT (8000).
SHELL := /bin/bash
BIN := .venv/bin
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3 python,\
	$(shell command -v $(name) >/dev/null && $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
SERVES := .venv/serves
TESTS := .venv/tests

# What pytest rewrites and what a process that a test starts compiles is kept for the next one.
unexport PYTHONDONTWRITEBYTECODE

TEST := $(BIN)/pytest -n auto --dist worksteal

.PHONY: run test test-browser test-services test-database check check-types check-rest bench faults clean

run: $(SERVES)
	@exec $(BIN)/python manage.py serve --demo

test: $(TESTS)
	$(TEST) -m "not browser and not services" $(ARGS)

# Of the one folder that holds them, so that no more is collected than is run.
test-browser: $(TESTS)
	$(TEST) -m browser $(or $(ARGS),tests/browser)

# They wait more than they work.
test-services: $(TESTS)
	$(TEST) -n 3 -m services $(ARGS)

# What may come out differently on the database that DATABASE_URL names.
test-database: $(TESTS)
	$(TEST) -m "database and not browser" $(ARGS)

check: check-types check-rest

check-types: $(TESTS)
	$(BIN)/mypy .

check-rest: $(TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	SITE_URL=https://proviso.example $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: $(TESTS)
	$(BIN)/python -m bench $(ARGS)

faults: $(TESTS)
	PROVISO_MUTANTS=10000 PROVISO_CLAIMERS=64 PROVISO_QUESTIONS=100000 PROVISO_IMPORTED=10000 PROVISO_KILLS=20 PROVISO_COURSES=200 \
		PROVISO_TURNS=100 PROVISO_PROJECTS=100 PROVISO_CALLS=300 \
		$(TEST) -o faulthandler_timeout=3600 -k 'mutant or claimers or many_questions or killed or same_story or at_once or any_project or whatever_is_sent' $(ARGS)
	PROVISO_DRAWN=1000 $(TEST) -o faulthandler_timeout=3600 -m hypothesis $(ARGS)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The virtual environment; each mark says that its requirements are installed.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name it with PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(SERVES): requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(TESTS): requirements-dev.txt requirements-parquet.txt $(SERVES)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
