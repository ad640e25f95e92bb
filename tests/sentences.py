"""Finds the sentences in the source: the templates of errors and of what is told otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("desktop", "plugins", "runtime", "storage")
NOT_IN_THE_WINDOW = "desktop/cli/"
"""The command line speaks English."""
ROOTS = frozenset({"KnownError", "LibraryError", "UnreadableError"})
TELLERS = {"phrase": (0,), "Problem": (0,), "unusable": (2, 3), "unreadable": (2, 3)}
"""Functions that take templates, and at which places."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module that may speak in the window, by its path from the root."""
    return {
        name: ast.parse(path.read_text("utf-8"))
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not (name := path.relative_to(ROOT).as_posix()).startswith(NOT_IN_THE_WINDOW)
    }


def templates() -> dict[str, str]:
    """Where each template stands, as `path:line`, by its text."""
    found: dict[str, str] = {}
    for place, node in _told():
        for text in _texts(node):
            found.setdefault(text, place)
    return found


def made_up() -> list[str]:
    """Where a sentence is put together instead of being a template with arguments."""
    return [place for place, node in _told() if isinstance(node, ast.JoinedStr)]


def _told() -> Iterator[tuple[str, ast.expr]]:
    errors = _error_classes()
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for argument in _arguments(node, errors):
                    yield f"{name}:{argument.lineno}", argument


def _arguments(call: ast.Call, errors: frozenset[str]) -> list[ast.expr]:
    """Those of a call that are templates."""
    called = call.func.id if isinstance(call.func, ast.Name) else ""
    if called in TELLERS:
        return [call.args[at] for at in TELLERS[called] if at < len(call.args)]
    if called in errors or _is_super_init(call):
        return [one for one in call.args if not _is_word(one)]
    return []


def _is_super_init(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "__init__"
        and isinstance(call.func.value, ast.Call)
    )


def _is_word(node: ast.expr) -> bool:
    """A text without a space names a kind."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value


def _texts(node: ast.expr) -> Iterator[str]:
    """The templates that an expression can be; names stand for the texts they are given."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value:
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Name):
        yield from (text for text in _named().get(node.id, ()) if " " in text)


@cache
def _named() -> dict[str, tuple[str, ...]]:
    """Texts that a name is given anywhere, for names under which templates are passed on."""
    found: dict[str, tuple[str, ...]] = {}
    wanted = {node.id for _, node in _told() if isinstance(node, ast.Name)}
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if name in wanted and isinstance(node.value, ast.Constant):
                    found[name] = (*found.get(name, ()), *_texts(node.value))
    return found


@cache
def _error_classes() -> frozenset[str]:
    """The names of all errors that carry a sentence."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = ROOTS
    while more := {name for name, over in bases.items() if over & found} - found:
        found |= more
    return found
