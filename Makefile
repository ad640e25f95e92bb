# Every command a developer needs. The environment makes itself on first use.
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.medley-installed
# For what llama.cpp is compiled: CUDA=1 or VULKAN=1, CUDA=0 for the processor alone; on macOS Metal
# without being asked. Without a word it stays what it was compiled for before.
OFF := 0 no off
asked = $(filter-out $(OFF),$(1))
KIND_OF_LLAMA := $(or $(if $(call asked,$(CUDA)),cuda),$(if $(call asked,$(VULKAN)),vulkan),$(if \
    $(call asked,$(METAL)),metal),$(if $(CUDA)$(VULKAN)$(METAL),cpu))
COMPILED := $(shell sed -n 1p $(VENV)/.llama-cpp 2>/dev/null)
FLAGS := $(shell sed -n 2p $(VENV)/.llama-cpp 2>/dev/null)
QML := desktop/window/qml
CHINESE := $(QML)/i18n/medley_zh_CN.ts
STARTER ?= starter
KIND ?= full
LINT := benchmarks deploy desktop examples plugins runtime storage tests tools training

.PHONY: run starter test soak check format bench pocket screenshots translations package venv clean

run: starter  ## Open the window. CUDA=1 or VULKAN=1: the language model on a graphics card.
	$(BIN)/medley

starter: venv  ## Fetch real models, once. STARTER=none refuses, STARTER=starter-small takes less.
	@test "$(STARTER)" = none || $(BIN)/medley models get "$(STARTER)" --first-run

test: check  ## Everything that must hold: lint, types, contracts, tests.
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile
	$(BIN)/python -m pytest -m "sound and not soak" tests/desktop/devices tests/desktop/cli
	$(BIN)/python -m pytest -m "sound and not soak" tests/desktop/window

soak: venv  ## Spoken conversations in real time, on a machine that does nothing else.
	$(BIN)/python -m pytest -m soak
	$(BIN)/python -m tools.listening_soak --minutes 5

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

screenshots: venv  ## Takes the pictures of the window in docs/screenshots.
	$(BIN)/python -m tools.screenshots

translations: venv  ## Brings the window's words up to date for translators, and compiles theirs.
	$(BIN)/pyside6-lupdate -locations none -source-language en -no-obsolete $(QML) -ts $(CHINESE)
	$(BIN)/pyside6-lrelease $(CHINESE) -qm $(CHINESE:.ts=.qm)

package:  ## Builds the installable program into dist/; KIND=small leaves out torch.
	scripts/package/build.sh $(KIND)

venv: $(STAMP)

$(STAMP): pyproject.toml constraints.txt scripts/bootstrap.sh scripts/preflight.sh scripts/llama_cpp.cmake
	scripts/bootstrap.sh $(VENV) $(KIND_OF_LLAMA)
	@touch $(STAMP)

ifneq ($(or $(KIND_OF_LLAMA),$(COMPILED))/$(or $(CMAKE_ARGS),$(FLAGS)),$(COMPILED)/$(FLAGS))
.PHONY: $(STAMP)
endif

clean:
	rm -rf $(VENV) .venv-package build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
