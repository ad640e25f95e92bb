"""Finds the sentences in the source: the templates of errors and of what is told otherwise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("desktop", "plugins", "runtime", "storage")
NOT_IN_THE_WINDOW = "desktop/cli/"
"""The command line speaks English."""
ROOTS = frozenset({"KnownError", "LibraryError", "UnreadableError"})
TELLERS = {"phrase": (0,), "Problem": (0,), "unusable": (2, 3), "unreadable": (2, 3)}
"""Functions that take templates, and at which places."""
_WORDS = re.compile(r"[a-z]{2,} [a-z{]|} [a-z]{2,}|\b[a-z] [a-z]{2,}")
"""Two words of a sentence, or a word beside a place of a formatted string."""


@dataclass(frozen=True)
class Call:
    """A call and where it stands."""

    module: str
    """Path from the root."""
    node: ast.Call
    within: tuple[ast.AST, ...]
    """The functions around it, innermost first, then the module."""


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
    for call, node in _told():
        for one in _choices(call, node):
            if (text := _text(one)) and (one is node or " " in text):
                found.setdefault(text, f"{call.module}:{one.lineno}")
    return found


def made_up() -> list[str]:
    """Where a sentence is put together instead of being a template with arguments."""
    return [
        f"{call.module}:{one.lineno}"
        for call, node in _told()
        for one in _choices(call, node)
        if isinstance(one, ast.JoinedStr)
    ]


def english_arguments() -> list[str]:
    """Where words of English are put into a place of a sentence without being a phrase."""
    errors = _error_classes()
    return [
        f"{call.module}:{one.lineno}"
        for call in _calls()
        if _arguments(call.node, errors)
        for given in call.node.keywords
        for one in _choices(call, given.value)
        if _WORDS.search(_literal(one))
    ]


def _told() -> Iterator[tuple[Call, ast.expr]]:
    errors = _error_classes()
    for call in _calls():
        for argument in _arguments(call.node, errors):
            yield call, argument


@cache
def _calls() -> tuple[Call, ...]:
    return tuple(
        call for name, tree in modules().items() for call in _calls_in(name, tree, (tree,))
    )


def _calls_in(module: str, node: ast.AST, within: tuple[ast.AST, ...]) -> Iterator[Call]:
    if isinstance(node, ast.Call):
        yield Call(module, node, within)
    if isinstance(node, ast.FunctionDef):
        within = (node, *within)
    for child in ast.iter_child_nodes(node):
        yield from _calls_in(module, child, within)


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


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _literal(node: ast.expr) -> str:
    """The text of a string, formatted ones with empty places."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "{}" for part in node.values)
    return _text(node)


def _choices(call: Call, node: ast.expr) -> Iterator[ast.expr]:
    """What an expression can be; a name stands for what it is given, perhaps by other names."""
    waiting, known = list(_branches(node)), set[str]()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, ast.Name):
            yield one
        elif one.id not in known:
            known.add(one.id)
            waiting += [part for value in _given(call, one.id) for part in _branches(value)]


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _branches(value)
    else:
        yield node


def _given(call: Call, name: str) -> list[ast.expr]:
    """What a name is given in the functions around a call, in its module or, for a constant,
    anywhere."""
    for around in call.within:
        if found := _assigned(around).get(name):
            return found
    if not name.lstrip("_").isupper():
        return []
    return [value for tree in modules().values() for value in _assigned(tree).get(name, ())]


@cache
def _assigned(around: ast.AST) -> dict[str, list[ast.expr]]:
    """What names are given: in a function anywhere, in a module at its top."""
    nodes = around.body if isinstance(around, ast.Module) else ast.walk(around)
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
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
