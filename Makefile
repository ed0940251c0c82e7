# Two commands on a bare machine with Python 3.11 and make: `make demo`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint docs weights clean

demo: $(VENV)/.installed
	$(BIN)/musnad demo

test: $(VENV)/.tested
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The documentation site, in site/; MUSNAD_SITE_URL and MUSNAD_REPO_URL say where it is published.
docs: $(VENV)/.documented
	$(BIN)/python -m mkdocs build --strict

# Learns the weights of statements again: GOLD is the folder of dev.jsonl and more.jsonl, CORPORA that of the articles, TAUGHT
# further annotated articles, as of `musnad gold export`.
weights: $(VENV)/.installed
	$(BIN)/python -m pip install -q -e '.[training]'
	$(BIN)/python training/weights.py --gold $(GOLD)/dev.jsonl $(GOLD)/more.jsonl $(TAUGHT) --corpora $(CORPORA)

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q -e .
	touch $@

$(VENV)/.tested: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --no-compile -e '.[dev]'
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true  # on all cores: pip compiles on one
	touch $(VENV)/.installed $@

$(VENV)/.documented: $(VENV)/.installed
	$(BIN)/python -m pip install -q -e '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
