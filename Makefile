# Every command a developer needs. The environment makes itself on first use.
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.medley-installed
LINT := benchmarks desktop plugins runtime tests training

.PHONY: run test check format bench pocket venv clean

run: venv  ## Talk to Medley in the terminal.
	$(BIN)/medley chat

test: check  ## Everything that must hold: lint, types, contracts, tests.
	$(BIN)/python -m pytest

check: venv
	$(BIN)/ruff check $(LINT)
	$(BIN)/ruff format --check $(LINT)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: venv
	$(BIN)/ruff check --fix $(LINT)
	$(BIN)/ruff format $(LINT)

bench: venv  ## Prints every number the documents quote.
	$(BIN)/python -m benchmarks

pocket: venv  ## Trains the embedded bundle from nothing; resumes after a kill.
	$(BIN)/medley train pocket --resume

venv: $(STAMP)

$(STAMP): pyproject.toml constraints.txt scripts/bootstrap.sh scripts/preflight.sh scripts/llama_cpp.cmake
	scripts/bootstrap.sh $(VENV)
	@touch $(STAMP)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
