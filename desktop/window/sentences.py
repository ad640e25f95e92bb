"""Problems as sentences in the window's language. Knows problems; knows no Qt.

The tables stand beside the window's own translations, one per language: English templates with
those of the language, whose places have the same names.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from plugins.errors import Problem, problem_of

TABLES = Path(__file__).parent / "qml" / "i18n"
_language = "en"


def use(language: str) -> None:
    """Tell everything in this language from now on, `en` or the name of a table as `zh_CN`."""
    global _language
    _language = language


def told(what: Problem | BaseException) -> str:
    """The sentence of a problem or an error in the window's language; English where the table has
    none, as for the words of plugins."""
    problem = what if isinstance(what, Problem) else problem_of(what)
    return _told(problem, table(_language))


def language() -> str:
    """The language in which everything is told, as `en` or `zh`."""
    return _language.split("_")[0]


@cache
def table(language: str) -> dict[str, str]:
    """Templates of a language by the English ones; empty for English."""
    path = TABLES / f"sentences_{language}.toml"
    if not path.is_file():
        return {}
    found: dict[str, str] = tomllib.loads(path.read_text("utf-8"))
    return found


def _told(problem: Problem, known: dict[str, str]) -> str:
    template = known.get(problem.template, problem.template)
    if not problem.arguments:
        return template
    arguments = {
        name: _told(value, known) if isinstance(value, Problem) else value
        for name, value in problem.arguments.items()
    }
    return template.format_map(arguments)
