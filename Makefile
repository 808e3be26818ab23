# What people type. Everything here also works without make: README.md and docs/running.md have the plain commands.
# PORT, HOST and DATA_DIR are passed on: make demo PORT=8001 DATA_DIR=/srv/dateline

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes

# mypy reads the settings, which ask for a key.
LINT_KEY := a-key-for-the-type-checker-only-that-signs-nothing-anybody-keeps

# Python keeps what it compiled, pytest its asserts: dozens of processes start in a run of the tests.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-postgres test-sqlite check lint compiled bench prove messages lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    load the demo and serve it on http://127.0.0.1:$${PORT:-8000}"
	@echo "make test    every test, on PostgreSQL (where at hand) and on SQLite"
	@echo "make lint    style and types"
	@echo "make check   lint and test, all at once, each output whole when it is done"
	@echo "make bench   measurements"
	@echo "make prove   every test with its full figures, then the measurements (up to an hour)"
	@echo "make messages  the words of the code into locale/, and compiled from there"
	@echo "make lock    write the two lock files anew (needs uv)"
	@echo "make clean   remove what these commands made, except the data"

# --- The environment: made once, renewed when a lock file changes -----------------------------

$(VENV)/.made:
	@echo "Making $(VENV) (once; takes about a minute)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: requirements.lock $(VENV)/.made
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.made
	@$(PIP) -r requirements-test.lock
	@touch $@

# --- The commands ----------------------------------------------------------------------------

demo: $(VENV)/.run
	@exec $(RUN) manage.py demo

# Each must pass, and the last line is pytest's own.
test: test-postgres test-sqlite

test-postgres: $(VENV)/.test $(COMPILED)
	@$(RUN) -m pytest -n 2 --dist worksteal --database postgres -m "not browser"

test-sqlite: $(VENV)/.test $(COMPILED)
	@$(RUN) -m pytest -n 2 --dist worksteal --database sqlite

# At once, since each alone leaves the processors idle at times. Needs GNU make 4.
check: $(VENV)/.test
	@$(MAKE) --no-print-directory --jobs=3 --keep-going --output-sync=target lint test COMPILED=compiled

# Once, beside the lint, instead of in each of four processes that begin at the same moment. What
# can't be read is told by the tests themselves.
compiled: $(VENV)/.test
	-@$(RUN) -m pytest --collect-only -q >/dev/null 2>&1

lint: $(VENV)/.test
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@SECRET_KEY=$(LINT_KEY) $(RUN) -m mypy

bench: $(VENV)/.test
	@$(RUN) -m pytest tests/bench -o python_files="bench_*.py" -s

prove: $(VENV)/.test
	@PROVE=1 $(RUN) -m pytest -n 2 --dist worksteal --database postgres -m "not browser"
	@PROVE=1 $(RUN) -m pytest -n 2 --dist worksteal --database sqlite
	@PROVE=1 $(RUN) -m pytest tests/bench -o python_files="bench_*.py" -s

# Names what is left to translate in locale/ko/LC_MESSAGES/django.po; run again when it is filled in.
messages: $(VENV)/.test
	@$(RUN) -m tests.messages

# Without index addresses, so that the locks work with any package index.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header pyproject.toml

lock:
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --extra test --extra postgres --constraint requirements.lock \
		--output-file requirements-test.lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
