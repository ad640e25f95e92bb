"""What a person is shown of a call: nothing hidden, nothing lost, nothing that looks like more."""

from __future__ import annotations

import json

import pytest

from desktop.window.tools import words
from desktop.window.tools.forms import content, fields
from plugins.errors import KnownError


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("pay\u202eevil", "pay\\u202eevil"),
        ("a\u200bb", "a\\u200bb"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("blank\u3164", "blank\\u3164"),
        ("line\nand\ttab", "line\nand\ttab"),
        ("你好，世界 👩\u200d🚀", "你好，世界 👩\u200d🚀"),
        ("bell\x07", "bell\\u0007"),
    ],
)
def test_hidden_characters_are_spelled_out(text: str, seen: str) -> None:
    assert words.visible(text) == seen


def test_arguments_stand_one_under_the_other_and_no_value_looks_like_another_name() -> None:
    given = json.dumps({"path": "a.txt", "content": "x\npath: /etc/passwd", "times": [1, 2]})

    shown = words.pretty(given).split("\n")

    assert shown[:4] == ["path: a.txt", "content:", "    x", "    path: /etc/passwd"]
    assert words.pretty("not json") == "not json"
    assert words.pretty("[1]") == "[1]"


def test_long_arguments_are_shown_whole() -> None:
    text = "word " * 50_000
    given = json.dumps({"content": text})

    pieces = words.plain(words.pretty(given))

    assert "".join(piece["text"] for piece in pieces) == f"content: {text}"
    assert max(len(piece["text"]) for piece in pieces) < 5_000


@pytest.mark.parametrize(
    ("arguments", "main"),
    [
        ('{"recursive": true, "path": "notes/a.txt"}', "notes/a.txt"),
        ('{"count": 3}', "3"),
        ('{"inner": {"a": 1}}', ""),
        ("{}", ""),
        ("broken", ""),
        ('{"query": "two\\nlines"}', "two lines"),
    ],
)
def test_the_line_of_a_card_says_what_matters(arguments: str, main: str) -> None:
    assert words.main_argument(arguments) == main


def test_a_diff_is_told_by_what_becomes_of_its_lines() -> None:
    diff = "--- a\n+++ a\n@@ -1 +1 @@\n same\n-old\n+new\n+newer\n"

    pieces = words.previewed(diff, "diff")

    assert [(piece["kind"], piece["text"]) for piece in pieces] == [
        ("head", "--- a\n+++ a\n@@ -1 +1 @@"), ("", " same"), ("remove", "-old"),
        ("add", "+new\n+newer"),
    ]  # fmt: skip


SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "name": {"type": "string", "title": "Name", "minLength": 2, "maxLength": 5},
            "age": {"type": "integer", "minimum": 0, "maximum": 130},
            "size": {"type": "number", "default": 1.5},
            "colour": {"type": "string", "enum": ["r", "g"], "enumNames": ["Red", "Green"]},
            "sure": {"type": "boolean", "default": True},
            "odd": {"type": "object"},
        },
        "required": ["name", "colour"],
    }
)


def test_a_form_is_made_from_its_schema_and_checked() -> None:
    form = fields(SCHEMA)

    assert [(field.name, field.kind, field.required) for field in form] == [
        ("name", "text", True), ("age", "integer", False), ("size", "number", False),
        ("colour", "choice", True), ("sure", "boolean", False),
    ]  # fmt: skip
    assert form[3].choices == (("r", "Red"), ("g", "Green"))
    filled = {"name": "Lin", "age": "7", "size": "1,5", "colour": "g", "sure": False}
    assert json.loads(content(form, filled)) == {
        "name": "Lin", "age": 7, "size": 1.5, "colour": "g", "sure": False,
    }  # fmt: skip
    for wrong in (
        {**filled, "name": ""}, {**filled, "name": "L"}, {**filled, "age": "131"},
        {**filled, "age": "old"}, {**filled, "colour": "blue"}, {**filled, "size": "nan"},
    ):  # fmt: skip
        with pytest.raises(KnownError):
            content(form, wrong)
    assert fields("broken") == []
