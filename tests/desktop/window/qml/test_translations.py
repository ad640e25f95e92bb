"""Simplified Chinese is complete, up to date with the source, and compiled."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop.window.start import QML

SOURCE = QML / "i18n" / "medley_zh_CN.ts"
TOOLS = Path(sys.executable).parent
Messages = dict[tuple[str, str], str]


def messages(file: Path) -> Messages:
    """Translations by context and source."""
    found: Messages = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            words = message.find("translation")
            # What depends on a number has its forms within.
            told = "" if words is None else "".join(words.itertext())
            found[name, message.findtext("source", "")] = told
    return found


@pytest.fixture(scope="module")
def translated() -> Messages:
    """What the repository holds."""
    return messages(SOURCE)


def run(tool: str, *words: str | Path) -> str:
    """One of Qt's tools for translators; what it printed."""
    done = subprocess.run(
        [TOOLS / tool, *words], capture_output=True, text=True, check=True, timeout=300
    )
    return done.stdout + done.stderr


def test_nothing_is_unfinished(translated: Messages) -> None:
    assert len(translated) > 200
    assert not [source for (_, source), words in translated.items() if not words.strip()]
    assert 'type="' not in SOURCE.read_text(encoding="utf-8")


def test_every_word_of_the_window_is_there_and_no_other(
    translated: Messages, tmp_path: Path
) -> None:
    fresh = tmp_path / "fresh.ts"

    run("pyside6-lupdate", "-locations", "none", "-target-language", "zh_CN", QML, "-ts", fresh)

    assert set(messages(fresh)) == set(translated)


def test_the_compiled_file_is_that_of_the_source(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"

    run("pyside6-lrelease", SOURCE, "-qm", fresh)

    assert fresh.read_bytes() == SOURCE.with_suffix(".qm").read_bytes()


def test_every_place_for_a_value_is_kept(translated: Messages) -> None:
    def places(words: str) -> list[str]:
        return sorted(re.findall(r"%\d|%n|\*\.\w+", words))

    assert not [
        source for (_, source), words in translated.items() if places(source) != places(words)
    ]


def test_chinese_words_are_chinese(translated: Messages) -> None:
    alike = {source for (_, source), words in translated.items() if source == words}

    assert alike <= {"%1 / %2", "%1 · %2", "%1 – Medley", "Medley %1"}
