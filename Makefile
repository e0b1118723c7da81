# Two commands do everything on a fresh machine: `make console` and `make test`.

PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
V := .venv/bin
STORE ?= $(or $(WANJIA_STORE),data)

.PHONY: console demo test lint tests tinydb-suite words docs pictures benchmarks debian clean

console: .venv/ready
	@test -d $(STORE) || $(V)/wanjia --store $(STORE) init
	@$(V)/wanjia --store $(STORE)

demo: .venv/ready
	@$(V)/wanjia demo

test: .venv/tested debian lint tests tinydb-suite

lint:
	$(V)/ruff check .
	$(V)/ruff format --check .
	$(V)/mypy

tests:
	$(V)/python -m pytest -n 3 $(PYTEST)  # more than two cores: many wait for a terminal

tinydb-suite: .venv/tested
	@$(V)/python tests/tinydb_suite.py

words: .venv/tested
	$(V)/pybabel compile --domain wanjia --directory console/locale --use-fuzzy

docs: .venv/tested
	PYTHONPATH=. $(V)/python tests/console/domain.py
	PYTHONPATH=. $(V)/python tests/console/rights.py
	PYTHONPATH=. $(V)/python tests/screens/keys_doc.py

pictures: .venv/tested debian
	$(V)/python docs/pictures.py

benchmarks: .venv/tested
	$(V)/python benchmarks/storage.py
	$(V)/python benchmarks/desk.py
	$(V)/python benchmarks/replay.py
	$(V)/python benchmarks/console.py
	$(V)/python benchmarks/review.py
	$(V)/python benchmarks/sessions.py
	$(V)/python benchmarks/similar.py
	$(V)/python benchmarks/burst.py

debian:
	@sh .ci/debian

.venv/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (Debian: apt-get install python3 python3-venv)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh .ci/debian python3-venv
	$(PYTHON) -m venv .venv
	$(V)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/tested: .venv/ready
	$(V)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	@touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
