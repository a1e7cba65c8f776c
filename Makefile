# One command each: `make run` runs the whole study, `make test` checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-lowest docs clean

run: $(VENV)/run.stamp
	$(BIN)/vaar run

test: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -n 2 -q

# The oldest declared version of every dependency, and no extra.
LOWEST := .venv-lowest
NEED_AN_EXTRA := cluster inspect_bridge respondents/inspect_models respondents/local \
	cli/imports/test_logs.py cli/test_analyze.py pipeline/test_import_logs.py \
	tables/test_markdown.py

test-lowest: $(LOWEST)/stamp
	$(LOWEST)/bin/pytest -n 2 -q -m 'not slow' --ignore tests/coding $(NEED_AN_EXTRA:%=--ignore tests/%)

docs: $(VENV)/docs.stamp
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs build/docs

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vaar needs Python 3.11 or newer; name one with make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/test.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	touch $@ $(VENV)/run.stamp

$(LOWEST)/stamp: pyproject.toml constraints-lowest.txt
	rm -rf $(LOWEST)
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --constraint constraints-lowest.txt --editable . pytest pytest-xdist hypothesis
	touch $@

$(VENV)/docs.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) $(LOWEST) build src/*.egg-info
