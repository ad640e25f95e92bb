"""The page tells scenes word for word, and what was wrong in the sets."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from benchmarks.first_hour.__main__ import play
from benchmarks.first_hour.page import Said, page, small_picture
from benchmarks.first_hour.scenes import Scene
from plugins.observation import Observation
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.messages import MediumRead

SCENE = Scene("A notice", ("What does it say?",), file="notice.png", about="Drawn.", system="Sir.")
READ = MediumRead("notice.png", (Observation("text", "No water on Thursday"),))


def test_what_was_read_and_said_stands_on_the_page() -> None:
    said = Said("What does it say?", "No water.\n\nOn Thursday.", 2.34, [READ], ["a reader failed"])
    told = page([(SCENE, [said], "notice.jpg")], "Machine: this one.", [])
    for words in (
        "## A notice",
        "![notice.png](first-hour/notice.jpg)",
        "System text: Sir.",
        "**What does it say?**",
        "*read: No water on Thursday*",
        "> No water.\n>\n> On Thursday.",
        "(a reader failed)",
        "2.3 s",
    ):
        assert words in told


def test_what_was_wrong_in_a_set_is_told_whole() -> None:
    item = {"right": False, "turns": ["a", "What is it?"], "text": "No\nidea.", "made": ["image"]}
    one = {"set": "held-out", "bundle": "starter", "table": "| table |", "items": [item]}
    told = page([], "", [one])
    assert "### The held-out set, starter" in told
    assert '- "What is it?": [image] No idea.' in told


def test_a_picture_is_kept_small(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGBA", (900, 600), "red").save(data, "PNG")
    assert small_picture(data.getvalue(), tmp_path / "page/red.jpg") == "red.jpg"
    with Image.open(tmp_path / "page/red.jpg") as picture:
        assert picture.size == (320, 213)


def test_a_scene_is_played_turn_by_turn(tmp_path: Path) -> None:
    scene = Scene("A boat", ("draw a red boat on the sea", "now make it blue"))
    with Engine(Bundle.open(find_bundle("pocket"), verify="size"), device="cpu") as engine:
        turns = play(engine, scene, {}, tmp_path)
    assert [said.words for said in turns] == list(scene.turns)
    assert all(said.pictures == [f"a-boat-{number}.jpg"] for number, said in enumerate(turns, 1))
