# exact_wlra: every target sets up what it needs in .venv, once, and again when
# pyproject.toml changes. Needed beforehand: Python 3.11 or newer, and make.
#
#   make demo PYTHON=/path/to/python3.12     use this Python
#   make test ARGS="-k rationals"            pass arguments to pytest

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test slow check lint types layers bench theory experiments notebooks docs clean

PYTHON ?=
ARGS   ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

# pytest-benchmark, where it is installed, refuses to run beside pytest-xdist.
IN_PARALLEL := -n 2 -p no:benchmark

# Everything runs in few processes of one thread each, so that measured times
# mean something on a small machine.
export OPENBLAS_NUM_THREADS := 1

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: .venv/demo.stamp ## solve and prove a small and a real instance, with a picture
	@$(BIN)/exact-wlra demo

test: .venv/test.stamp ## run the tests and the examples of the docstrings
	@$(BIN)/python -m pytest $(IN_PARALLEL) $(ARGS)

slow: .venv/test.stamp ## run the tests marked slow
	@$(BIN)/python -m pytest $(IN_PARALLEL) -m slow --timeout 900 $(ARGS)

check: lint types layers test ## format, lint, types, layers and tests: all that must hold

lint: .venv/dev.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: .venv/dev.stamp
	@$(BIN)/mypy

layers: .venv/dev.stamp
	@$(BIN)/lint-imports

bench: .venv/bench.stamp ## run the benchmarks, also against SCIP
	@$(BIN)/python -m pytest benchmarks/bench_*.py --benchmark-only --timeout 0 \
		-o python_functions='bench_* test_*' $(ARGS)

experiments: .venv/experiments.stamp ## the reweighted paper run again: every table and figure
	@$(BIN)/python -m benchmarks.paper $(ARGS)

theory: .venv/test.stamp ## run every statement of the theorem laboratory, remake docs/theory.md
	@$(BIN)/python -m benchmarks.theory

# Text notebooks (notebooks/*.py, percent format) become .ipynb files; every .ipynb
# file is executed, its assertions with it, and keeps its new outputs, not the times.
notebooks: .venv/notebooks.stamp ## execute the notebooks and store their outputs
	@$(if $(wildcard notebooks/*.py),$(BIN)/jupytext --quiet --update --to ipynb notebooks/*.py)
	@$(BIN)/python -m pytest --nbmake --overwrite --nbmake-timeout 600 --timeout 0 \
		-o filterwarnings=default notebooks/*.ipynb $(ARGS)
	@$(BIN)/python -c "$$FORGET_TIMES" notebooks/*.ipynb

define FORGET_TIMES
import nbformat, sys
for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    nbformat.write(notebook, path)
endef
export FORGET_TIMES

# The pages are gathered from docs/ and notebooks/ first; the site shows the outputs
# that the notebooks store. A warning is an error.
docs: .venv/docs.stamp ## build the site: build/docs/html/index.html
	@$(BIN)/python -m docs.site build/docs/source
	@PYTHONPATH=. $(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --jobs 2 \
		-c docs build/docs/source build/docs/html

clean: ## remove .venv and everything else that was made here
	rm -rf .venv build dist htmlcov .coverage .benchmarks .hypothesis \
		.import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------- set-up

# .venv belongs to this file and is made afresh, with the first of these interpreters
# that is new enough and can make it.
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)

.venv/created.stamp:
	@recent=; \
	for python in $(CANDIDATES); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    || continue; \
	  recent=$$python; \
	  "$$python" -m venv --clear .venv >/dev/null 2>&1 && touch $@ && exit 0; \
	done; \
	if [ -n "$$recent" ]; then \
	  echo "$$recent cannot make a virtual environment: install its venv module" \
	       "(Debian, Ubuntu: apt install python3-venv) and run make again." >&2; \
	else \
	  echo "exact_wlra needs Python 3.11 or newer and none was found (tried:" \
	       "$(CANDIDATES)): install one, or name it: make PYTHON=/path/to/python." >&2; \
	fi; \
	exit 1

.venv/demo.stamp: pyproject.toml .venv/created.stamp
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PIP) --editable .
	@touch $@

# The sets of dependencies beyond those of the package itself.
.venv/%.stamp: pyproject.toml .venv/created.stamp
	@echo "Setting up .venv with what '$*' needs (once, about a minute) ..."
	@$(PIP) --editable '.[$*]'
	@touch $@ .venv/demo.stamp
