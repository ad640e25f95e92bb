"""Phrasings as plain lists: `[kind]`, then a phrasing a line; lines that begin with # are comments.

A kind is what a person wants: "request image", "turn audio video", "edit colour". Knows files;
knows no language and no dialogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from training.phrasings.book import Phrases

FOLDER = Path(__file__).parent / "lists"


def read_list(name: str, language: str) -> dict[str, Phrases]:
    """The phrasings of `lists/NAME.LANGUAGE.txt`, by kind."""
    found: dict[str, list[str]] = {}
    kind = ""
    for line in (FOLDER / f"{name}.{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
            found[kind] = []
        elif line and not line.startswith("#"):
            found[kind].append(line)
    return {kind: tuple(phrases) for kind, phrases in found.items()}


def as_text(about: str, phrasings: Mapping[str, Phrases]) -> str:
    """What `read_list` reads, with a comment above it."""
    head = "".join(f"# {line}\n" for line in about.splitlines())
    body = ("\n".join((f"[{kind}]", *phrases)) for kind, phrases in phrasings.items())
    return head + "\n" + "\n\n".join(body) + "\n"
