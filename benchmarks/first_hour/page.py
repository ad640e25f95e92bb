"""The page of the first hour: the answers, word for word. Text and small pictures only."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.first_hour.scenes import Scene
from desktop.cli.printing.readings import told
from runtime.messages import MediumRead

_SIDE = 320
"""Longest side of a picture on the page, in pixels."""
_HEAD = """# The first hour

The starter's answers, word for word, from one run of `python -m benchmarks.first_hour`. Each
scene is a separate conversation. Nothing was asked twice, and no answer was picked from several.
The seed is 0 and the temperature is 0, so every token is the language model's most likely one.
The seconds count from the question to the end of the answer, including reading and drawing.
"""
_SETS = """## The everyday sets

`python -m benchmarks.everyday` asks sixty everyday questions with accepted answers, thirty
requests for media in everyday words, and thirty plain requests that must not produce media. A
third of each is in Chinese. An answer is wrong if it lacks what was asked for, is in another
language than the question, or makes media without being asked. A request for media is wrong if
anything other than the requested media is made. The *development* set may be read while prompts
are tuned. The *held-out* set uses other words and other topics. Nobody read it while the rules
were written; its totals, and the rule by which an item failed, were looked at four times on the
way. The intervals are Wilson's.
"""


@dataclass
class Said:
    """One turn of a scene."""

    words: str
    answer: str = ""
    seconds: float = 0.0
    readings: list[MediumRead] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    """Files on the page, by their names."""


def small_picture(data: bytes, path: Path) -> str:
    """Write a picture small enough for the page; returns its name."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        shown = picture.convert("RGB")
    shown.thumbnail((_SIDE, _SIDE))
    path.parent.mkdir(parents=True, exist_ok=True)
    shown.save(path, quality=85)
    return path.name


def page(
    scenes: Sequence[tuple[Scene, list[Said], str]], machine: str, sets: Sequence[dict[str, Any]]
) -> str:
    """The whole page; each scene comes with the name of its small picture, empty for none."""
    parts = [_HEAD, f"{machine}\n"]
    for scene, turns, picture in scenes:
        parts.append("\n".join(_scene(scene, turns, picture)))
    if sets:
        parts += [_SETS, *(_everyday(one) for one in sets)]
    return "\n".join(parts)


def _scene(scene: Scene, turns: Sequence[Said], picture: str) -> list[str]:
    lines = [f"## {scene.title}", ""]
    if scene.about:
        lines += [scene.about, ""]
    if picture:
        lines += [f"![{scene.file}](first-hour/{picture})", ""]
    if scene.system:
        lines += [f"System text: {scene.system}", ""]
    for said in turns:
        lines += [f"**{said.words}**", ""]
        lines += [f"*{line}*\n" for read in said.readings for line in _read(scene, read)]
        lines += [*(f"> {line}".rstrip() for line in said.answer.strip().splitlines()), ""]
        lines += [f"({problem})\n" for problem in said.problems]
        lines += [f"![{said.words}](first-hour/{name})\n" for name in said.pictures]
        lines += [f"{said.seconds:.1f} s", ""]
    return lines


def _read(scene: Scene, read: MediumRead) -> list[str]:
    return [" ".join(line.split()) for line in told(scene.file, read.observations)]


def _everyday(one: dict[str, Any]) -> str:
    wrong = [item for item in one["items"] if not item["right"]]
    lines = [f"### The {one['set']} set, {one['bundle']}", "", one["table"], ""]
    lines += ["What was wrong:", ""] if wrong else []
    for item in wrong:
        answer = " ".join(item["text"].split())
        made = f" [{', '.join(item['made'])}]" if item["made"] else ""
        lines.append(
            f"- {json.dumps(item['turns'][-1].strip(), ensure_ascii=False)}:{made} {answer}"
        )
    return "\n".join([*lines, ""])
