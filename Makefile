# Two commands matter on a fresh machine: `make demo` and `make test`. Both make what they need in .venv.

# The Python that .venv is made from: 3.10 or newer.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && { echo $$python; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
# As many test processes as there are processors; `make test JOBS=0` for one that can be debugged.
JOBS ?= auto
TESTS ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test fuzz soak lint format docs schemas bench ledger wheel vscode vscode-test new-rule dev clean
.DEFAULT_GOAL := help

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Install, and check a small bundled Django project
	@$(BIN)/django-uplift --check --color always tests/demo; status=$$?; test $$status -le 1

test: $(VENV)/.dev ## Run the whole test suite (TESTS="-k name" for a part)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(TESTS)

fuzz: $(VENV)/.dev ## Compare with real Django on generated programs (make fuzz COUNT=10000 SEED=1 DJANGO=5.2)
	$(BIN)/python -m tests.fuzz --count $(or $(COUNT),10000) --seed $(or $(SEED),1) --django $(or $(DJANGO),5.2)

soak: $(VENV)/.dev ## Edit at random in the language server (make soak COUNT=20000 SEED=1)
	$(BIN)/python -m tests.lsp.soak --count $(or $(COUNT),20000) --seed $(or $(SEED),1)
	$(BIN)/python -m tests.lsp.soak --count $(or $(COUNT),20000) --seed $(or $(SEED),1) --pull

lint: $(VENV)/.dev ## Check style, types and layers
	@status=0; for tool in "ruff check" "ruff format --check" "mypy" "pyright --pythonpath $(BIN)/python" "lint-imports"; do \
		echo "== $$tool"; $(BIN)/$$tool || status=1; done; exit $$status

format: $(VENV)/.dev ## Format the code, and mend what ruff can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

docs: $(VENV)/.dev ## Write every rule's page and the tables of the README to build/docs
	$(BIN)/python -m django_uplift.dev.docs build/docs

schemas: $(VENV)/.dev ## Write what is generated and committed: schemas, the tables in README.md
	$(BIN)/python -m django_uplift.dev.docs --committed

bench: $(VENV)/.dev ## Compare --check with django-upgrade, and the server's answers with ruff's; how big the extension is
	$(BIN)/python -m django_uplift.dev.bench
	$(BIN)/python -m django_uplift.dev.bench_server

wheel: $(VENV)/.dev ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

vscode: $(VENV)/.dev vscode-client/node_modules/.package-lock.json ## Build the VS Code extension: vscode-client/django-uplift.vsix
	$(BIN)/python vscode-client/scripts/bundle.py
	cd vscode-client && npm run --silent check && npm run --silent lint && npm run --silent package

vscode-test: vscode ## Test the extension in real VS Code (TESTS="basics ui" for a part)
	cd vscode-client && npm run --silent test:unit && npm run --silent test:editor -- $(TESTS)

vscode-client/node_modules/.package-lock.json: vscode-client/package-lock.json
	cd vscode-client && npm ci --no-audit --no-fund
	@touch $@

new-rule: $(VENV)/.dev ## Write the two files of a new rule: make new-rule NAME=family/name REMOVED=6.1
	$(BIN)/python -m django_uplift.dev.new_rule $(NAME) $(if $(REMOVED),--removed-in $(REMOVED))

ledger: $(VENV)/.dev ## Look for deprecations in Django's sources that no rule claims (SOURCE=archive for a new release)
	$(BIN)/python -m django_uplift.dev.ledger $(if $(SOURCE),--source $(SOURCE))

dev: $(VENV)/.dev ## Make .venv with all tools

clean: ## Remove what was built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.10 or newer is needed: name one with make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) can't make virtual environments (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }

# Dependency groups need pip 25.1; pip 26 no longer installs for the Python 3.9 that old Djangos are tested on.
$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing django-uplift into $(VENV) ..."
	@$(PIP) install --upgrade 'pip>=25.1,<26'
	@$(PIP) install --editable .
	@$(BIN)/python -m compileall -q server rules # pip does so for what it copies; without, each start compiles anew
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.installed
	@echo "Installing the development tools into $(VENV) ..."
	@$(PIP) install --group dev
	@touch $@
