# One command each: `make run` runs the whole study, `make run-real` asks it of a real model, `make test`
# checks everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What is imported is compiled then; most of what is installed never is.
INSTALL := -m pip install --quiet --no-compile

# Files whole to a worker: what a file shares is made once.
PYTEST := pytest -n 2 -q --dist loadfile --no-loadscope-reorder

.PHONY: run run-real test types unit test-lowest quality docs clean

run: $(VENV)/run.stamp
	$(BIN)/vaar run

# A real model of 135 million parameters, in forced choice, beside two simulated respondents.
SESSIONS := 60
FORCED := build/forced-choice

run-real: $(VENV)/real.stamp $(FORCED)/study.yaml
	$(BIN)/vaar run $(FORCED) --model smollm2 --model simulated/human-like --model simulated/contrarian \
	  --sessions $(SESSIONS) --out runs/smollm2-$(SESSIONS) || test $$? -eq 3  # 3: too few to estimate a group

$(FORCED)/study.yaml: | $(VENV)/real.stamp
	rm -rf $(FORCED)
	$(BIN)/vaar study init $(FORCED)
	awk '{ print } /^    presentation: item$$/ { print "    response: choice\n    omit: [release]" }' $@ > $@.forced
	mv $@.forced $@

test: $(VENV)/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(MAKE) --no-print-directory --jobs 2 types unit

# Side by side: types keep one processor busy, and tests do not always keep two.
types:
	$(BIN)/mypy

unit:
	$(BIN)/$(PYTEST)

# The oldest declared version of every dependency, and no extra: where they are used most.
LOWEST := .venv-lowest
WITH_LOWEST := cli files pipeline/people pipeline/publishing pipeline/reading pipeline/results processes report \
	responses respondents/http respondents/models_file scoring sem/data sem/solution study tables
NEED_AN_EXTRA := cli/imports/test_logs.py cli/test_analyze.py tables/test_markdown.py

test-lowest: $(LOWEST)/stamp
	$(LOWEST)/bin/$(PYTEST) -m 'not slow' $(WITH_LOWEST:%=tests/%) $(NEED_AN_EXTRA:%=--ignore tests/%)

# By hand, after a change of what docs/quality.md judges; R with lavaan is needed. Coverage first.
quality: $(VENV)/test.stamp
	VAAR_KILLS=20 VAAR_DAMAGED=300 $(BIN)/$(PYTEST) --cov --cov-report=term:skip-covered
	$(BIN)/python benchmarks/quality/mutate.py
	$(BIN)/python benchmarks/quality/holds.py
	$(BIN)/python benchmarks/quality/counterfeits.py
	$(BIN)/python benchmarks/quality/induction.py
	$(BIN)/python benchmarks/quality/rates.py
	$(BIN)/python benchmarks/quality/personas.py
	$(BIN)/python benchmarks/sem_against_lavaan.py --quick --json docs/quality/speed.json
	$(BIN)/python benchmarks/quality/judged.py mutants simulation speed

docs: $(VENV)/docs.stamp
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs build/docs

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vaar needs Python 3.11 or newer; name one with make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --constraint constraints.txt --editable .
	touch $@

$(VENV)/real.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --constraint constraints.txt --editable '.[hf]'
	touch $@ $(VENV)/run.stamp

$(VENV)/test.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --constraint constraints.txt --editable '.[test]'
	touch $@ $(VENV)/run.stamp $(VENV)/real.stamp

$(LOWEST)/stamp: pyproject.toml constraints-lowest.txt
	rm -rf $(LOWEST)
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python $(INSTALL) --constraint constraints-lowest.txt --editable . pytest pytest-xdist hypothesis
	touch $@

$(VENV)/docs.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python $(INSTALL) --constraint constraints.txt --editable '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) $(LOWEST) build src/*.egg-info
