"""The import contracts hold, and each of them turns red when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("deploy", "desktop", "plugins", "runtime", "storage", "training")
HEAVY = (
    "accelerate", "cv2", "diffusers", "llama_cpp", "matplotlib", "peft", "scipy", "torch",
    "transformers",
)  # fmt: skip
BAD_IMPORTS = {
    "The engine's rooms": ("runtime/bundle/manifest.py", "import runtime.turn.turn"),
    "Training's rooms": ("training/pocket/recipe.py", "import training.evaluation.plan"),
    "The person's side: the command": (
        "desktop/window/theme.py",
        "import desktop.cli.printing.output",
    ),
    "Floors": ("runtime/messages.py", "import training"),
    "Only desktop names Qt": ("training/__init__.py", "import PySide6"),
    "Of desktop only the window names Qt": ("desktop/assistant/turns.py", "import PySide6"),
    "do not know who uses them": ("plugins/errors.py", "import desktop"),
    "The library knows nobody": ("storage/errors.py", "import plugins.errors"),
    "Only desktop knows the library": ("runtime/messages.py", "import storage.records"),
    "The person's side computes nothing": ("desktop/cli/printing/terminal.py", "import torch"),
    "Nobody but the catalogue knows how to connect": (
        "desktop/cli/printing/terminal.py",
        "import huggingface_hub",
    ),
    "Nobody but the server knows how to be connected to": (
        "desktop/cli/printing/terminal.py",
        "import uvicorn",
    ),
    "Only the two ends of MCP know its SDK": ("desktop/cli/tools/__init__.py", "import mcp"),
    "The window's process never holds the SDK of MCP": (
        "desktop/tools/protocol.py",
        "def peek():\n    import desktop.tools.mcp.connection",
    ),
    "stay independent of every model": ("training/pocketworld/scene.py", "import torch"),
    "the built-in plugins but through the public door": (
        "plugins/bus.py",
        "def peek():\n    import plugins.builtin.image",
    ),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages in `folder`."""
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command"
    return subprocess.run(
        [sys.executable, "-c", f"{code}; lint_imports_command(['--no-cache'])"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    """The packages' Python files and the contracts, free to be spoiled."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=lambda _folder, names: [
                n for n in names if n in {"bundles", "__pycache__"} or n.endswith(".safetensors")
            ],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_all_contracts_hold() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", BAD_IMPORTS)
def test_a_bad_import_turns_its_contract_red(contract: str, copied_tree: Path) -> None:
    file, bad = BAD_IMPORTS[contract]
    with (copied_tree / file).open("a") as module:
        module.write(f"\n\n{bad}\n")

    result = lint_imports(copied_tree)

    assert result.returncode == 1, result.stderr
    broken = [line for line in result.stdout.splitlines() if " BROKEN" in line]
    assert any(contract in line for line in broken), result.stdout


def test_every_contract_has_a_bad_import_that_proves_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    names = [contract["name"] for contract in contracts["tool"]["importlinter"]["contracts"]]

    assert all(any(bad in name for bad in BAD_IMPORTS) for name in names)
    assert len(names) == len(BAD_IMPORTS)


@pytest.mark.parametrize(
    "statement",
    [
        "import desktop.cli.main",
        "import desktop.cli.ask, desktop.cli.chat, desktop.cli.models, desktop.cli.doctor",
        "import desktop.cli.render",
        "import desktop.cli.library, storage.library",
        "import runtime.bundle.bundle, runtime.messages, plugins.bus, plugins.manifest",
        "import desktop.cli.main, contextlib\nwith contextlib.suppress(SystemExit):\n"
        "    desktop.cli.main.main(['--help'])",
        "import desktop.cli.main\ndesktop.cli.main.main(['models', 'list'])",
    ],
)
def test_what_starts_the_command_line_imports_nothing_heavy(statement: str) -> None:
    code = f"{statement}\nimport sys\nprint(sorted(set({HEAVY!r}) & set(sys.modules)))"

    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines()[-1] == "[]"
