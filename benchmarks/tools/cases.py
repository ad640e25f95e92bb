"""Cases of BFCL (Apache-2.0), read from the wheel that carries them; none of its code runs."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from runtime.messages import ToolSpec

CATEGORIES = ("simple_python", "multiple", "irrelevance")
_PACKAGE = "bfcl-eval"
_SEED = 11
_TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": None}


@dataclass(frozen=True)
class Case:
    """One request beside tools."""

    category: str
    question: str
    tools: tuple[ToolSpec, ...]
    right: tuple[dict[str, dict[str, list[Any]]], ...]
    """The calls that are right: a tool's name with the values that each argument may have; none
    where no tool fits."""
    briefing: str = ""
    """What the model is told beside the tools."""


def wheel() -> Path:
    """The wheel, fetched once into the cache of this user."""
    folder = Path(platformdirs.user_cache_dir("medley-benchmarks"))
    found = sorted(folder.glob("bfcl_eval-*.whl"))
    if not found:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder)]
        subprocess.run([*command, _PACKAGE], check=True)
        found = sorted(folder.glob("bfcl_eval-*.whl"))
    return found[-1]


def cases(category: str, limit: int) -> list[Case]:
    """Cases of a category, the same ones for the same limit."""
    with zipfile.ZipFile(wheel()) as archive:
        asked = _lines(archive, f"bfcl_eval/data/BFCL_v4_{category}.json")
        answers = {}
        if category != "irrelevance":
            path = f"bfcl_eval/data/possible_answer/BFCL_v4_{category}.json"
            answers = {one["id"]: one["ground_truth"] for one in _lines(archive, path)}
    random.Random(_SEED).shuffle(asked)
    return [
        Case(
            category,
            "\n".join(one["content"] for one in case["question"][0] if one["role"] == "user"),
            tuple(map(_tool, case["function"])),
            tuple(answers.get(case["id"], ())),
        )
        for case in asked[:limit]
    ]


def _lines(archive: zipfile.ZipFile, path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(path).decode("utf-8").splitlines() if line]


def _tool(function: dict[str, Any]) -> ToolSpec:
    schema = json.dumps(_schema(function["parameters"]))
    return ToolSpec(function["name"], function["description"], schema)


def _schema(node: Any) -> Any:
    """A schema with JSON's names of types, where BFCL has Python's."""
    if isinstance(node, list):
        return [_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _schema(value) for key, value in node.items()}
    if isinstance(kind := node.get("type"), str) and kind in _TYPES:
        made["type"] = _TYPES[kind]
    return {key: value for key, value in made.items() if not (key == "type" and value is None)}
