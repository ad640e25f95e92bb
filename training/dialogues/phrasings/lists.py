"""Phrasings as plain lists: `[kind]`, then one phrasing per line; lines that begin with # are
comments.

A kind is what a person wants: "request image", "turn audio video", "edit colour". Knows files;
knows no language and no dialogue.
"""

from __future__ import annotations

from pathlib import Path

from training.dialogues.phrasings.book import Phrases

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
