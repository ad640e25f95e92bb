"""The project's own shape: packages, pins, licences, and documents that say what is true."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from desktop.cli import arguments, chat
from plugins.errors import KnownError

ROOT = Path(__file__).parent.parent
PACKAGES = ("deploy", "desktop", "plugins", "runtime", "storage", "training")
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text("utf-8")
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_ours_and_nobody_elses(package: str) -> None:
    spec = find_spec(package)

    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT)
    assert set(packages_distributions().get(package, ["medley"])) == {"medley"}


def test_every_dependency_is_pinned() -> None:
    pins = _pins()
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *extras["dev"], *extras["train"]]

    names = {re.split(r"[<>=~! \[]", requirement)[0] for requirement in wanted}

    assert names <= pins.keys()
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", pin) for pin in pins.values())


def test_the_installed_versions_are_the_pinned_ones() -> None:
    from importlib.metadata import PackageNotFoundError, version

    for name, pin in _pins().items():
        try:
            found = version(name)
        except PackageNotFoundError:
            continue
        assert found.partition("+")[0] == pin, name


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for folder in (*PACKAGES, "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 500
    }

    assert long == {}


def test_the_licence_is_the_whole_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")

    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")

    assert "make test" in README
    assert script.rstrip().endswith("make test")
    assert "set -euo pipefail" in script


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    named = set(re.findall(r"`?\bmake ([a-z]+)\b`?", _code(document.read_text("utf-8"))))

    assert named <= targets


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md"])
def test_every_path_of_a_documents_tree_exists(document: str) -> None:
    paths = _tree_paths((ROOT / document).read_text("utf-8"))

    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_architecture_names_every_package() -> None:
    named = {path.rstrip("/") for path in _tree_paths(ARCHITECTURE)}
    packages = {
        str(path.parent.relative_to(ROOT))
        for name in PACKAGES
        for pattern in ("__init__.py", "*/__init__.py")
        for path in (ROOT / name).glob(pattern)
    }

    assert packages - named == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_program_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text("utf-8")
    modules = set(re.findall(r"python -m ((?:benchmarks|tests|tools|training)[a-z._]*)", text))

    assert [name for name in modules if find_spec(name.rstrip(".")) is None] == []


def test_every_link_of_the_documents_leads_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in DOCUMENTS
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_line_in_a_document_fits_the_grammar(document: Path) -> None:
    for command in _command_lines(document.read_text("utf-8")):
        try:
            arguments.parse(shlex.split(command)[1:])
        except KnownError as error:
            pytest.fail(f"{command}: {error}")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_speaks_of_exists(document: Path) -> None:
    spoken = re.findall(r"`medley ([a-z]+)", document.read_text("utf-8"))

    assert set(spoken) <= arguments.build()[1].keys()


def test_the_commands_page_names_every_command_and_option_and_no_other() -> None:
    rows = dict(re.findall(r"^\| `([a-z ]+)` \| (.*) \|$", COMMANDS, re.MULTILINE))

    documented = {name: set(re.findall(r"--[a-z][a-z-]*", row)) for name, row in rows.items()}

    assert documented == _real_options()


def test_the_commands_page_names_every_chat_command() -> None:
    for command in chat.COMMANDS:
        assert f"`{command}" in COMMANDS
        assert command in chat.HELP


def test_help_is_printed_by_the_installed_command() -> None:
    script = Path(sys.executable).with_name("medley")

    result = subprocess.run([script, "--help"], capture_output=True, text=True, check=True)

    for command in arguments.build()[1]:
        assert command in result.stdout


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {name: pin for name, pin in pairs}


def _code(text: str) -> str:
    """Only what stands as code: indented lines and `spans`."""
    indented = re.findall(r"^ {4}(.+)$", text, re.MULTILINE)
    return "\n".join([*indented, *re.findall(r"`([^`\n]+)`", text)])


def _command_lines(text: str) -> list[str]:
    lines = re.findall(r"^ {4}(medley .+)$", text, re.MULTILINE)
    return [line.split("  #")[0] for line in lines]


def _tree_paths(document: str) -> list[str]:
    """The paths of the tree that a document shows: names, indented below their folder."""
    block = re.search(r"^```\n(.*?)^```", document, re.MULTILINE | re.DOTALL)
    assert block is not None
    paths, folder = [], ""
    for line in block[1].splitlines():
        names = line.strip().split("  ")[0]
        if not line.startswith(" "):
            folder = names if names.endswith("/") else ""
            paths.append(names)
        else:
            paths += [f"{folder}{name.strip()}" for name in names.split(",")]
    assert len(paths) > 15
    return paths


def _real_options() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    waiting: list[tuple[str, argparse.ArgumentParser]] = list(arguments.build()[1].items())
    while waiting:
        name, parser = waiting.pop()
        nested = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        if not nested:
            found[name] = _options(parser)
        for action in nested:
            waiting += [(f"{name} {sub}", below) for sub, below in action.choices.items()]
    return found


def _options(parser: argparse.ArgumentParser) -> set[str]:
    """Without former names, which are not shown."""
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    options = {option for action in shown for option in action.option_strings}
    return options - {"-h", "--help"}
