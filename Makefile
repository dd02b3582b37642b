# The two commands at the top of README.md, and the rest of a developer's day.
# Everything lives in .venv; versions and hashes come from the lock files.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SYSTEM_PACKAGES := chromium fonts-noto-cjk \
  nginx libnginx-mod-http-brotli-static openssh-server rsync wrk

.DEFAULT_GOAL := build
.PHONY: build test audit coverage editors lint catalogues references lock clean system-packages

build: $(VENV)/.installed  ## Build the sample site into build/
	$(BIN)/sitegen build

serve: $(VENV)/.installed  ## Preview the sample site: save a file and see the page
	$(BIN)/sitegen serve

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	touch $@

test: $(VENV)/.installed-dev system-packages editors  ## Run every test
	$(BIN)/python -m pytest -n auto --dist worksteal

coverage: $(VENV)/.installed-dev system-packages editors  ## Run every test, and see which lines none runs
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered

# The language server that editors use, from the npm registry.
editors:
	@command -v npm >/dev/null || sh tests/system-packages.sh npm
	@cmp -s tests/editors/package-lock.json tests/editors/node_modules/.lock || { \
	  cd tests/editors && npm ci --silent --no-audit --no-fund --ignore-scripts && cp package-lock.json node_modules/.lock; }

lint: $(VENV)/.installed-dev  ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(VENV)/.installed-dev  ## Digests of all packages, and known faults where one can ask
	$(BIN)/python .ci/audit.py

# The browser tests need Chromium and a Chinese font, those of publishing real servers: installed
# when we may, named when not.
system-packages:
	@sh tests/system-packages.sh $(SYSTEM_PACKAGES)

catalogues: $(VENV)/.installed-dev  ## Extract the messages and compile the catalogues
	$(BIN)/python tests/catalogues.py

references: $(VENV)/.installed-dev  ## Write the lists of problems and settings in docs/
	$(BIN)/python tests/problem_reference.py
	$(BIN)/python tests/settings_reference.py

lock:  ## Lock newer versions of all packages (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml --output-file requirements-dev.lock

clean:  ## Remove what the other targets made
	rm -rf $(VENV) build .sitegen dist tests/editors/node_modules .pytest_cache .mypy_cache .ruff_cache .coverage*
