"""Media are placed once each; what the encoder does not take keeps no other from being placed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from desktop.assistant import semantic_search as semantic_search_module
from desktop.assistant.assistant import Assistant
from desktop.assistant.semantic_search import Meaning
from plugins.errors import KnownError
from runtime.messages import Embedding, TextPart
from runtime.worker.state import EngineState
from storage.library import Library
from storage.records import Attachment, Medium

SPACE = "encoder"


class Engine:
    """Stands in for the assistant: places a medium by its size, refuses those it is told to."""

    def __init__(self, library: Library) -> None:
        self.library, self.state = library, EngineState(phase="ready")
        self.refused: set[str] = set()
        self.asked: list[str] = []
        self.lives_for = 10_000
        self.knows_words = True

    def embed(self, content: TextPart | Medium) -> Future[Embedding]:
        """Where it lies."""
        future: Future[Embedding] = Future()
        angle = 0.0
        if isinstance(content, Medium):
            self.asked.append(content.sha256)
            angle = content.size / 100
            if len(self.asked) > self.lives_for:
                self.state = EngineState(phase="down")
            if content.sha256 in self.refused or self.state.phase == "down":
                future.set_exception(KnownError("no"))
                return future
        vector = np.array([np.cos(angle), np.sin(angle)], "<f4")
        future.set_result(Embedding(SPACE, vector.tobytes(), self.knows_words))
        return future


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """On a library with twelve pictures and sounds."""
    with Library.open(tmp_path / "library.db") as library:
        conversation = library.conversations.new().id
        for number in range(1, 13):
            modality = "audio" if number % 2 else "image"
            made = library.media.add_bytes(b"x" * number, mime="a/b", modality=modality)
            library.messages.add(conversation, [Attachment(made.sha256)])
        yield Engine(library)


def meaning(engine: Engine) -> Meaning:
    """Of this engine."""
    return Meaning(cast(Assistant, engine))


def sizes(engine: Engine) -> dict[int, str]:
    """SHA-256 by size."""
    missing = engine.library.embeddings.missing(SPACE, ["image", "audio"])
    return {medium.size: medium.sha256 for medium in missing}


def test_media_that_the_encoder_refuses_do_not_keep_older_ones_from_being_placed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semantic_search_module, "AT_A_TIME", 2)
    by_size = sizes(engine)
    engine.refused = {by_size[size] for size in (12, 11, 10, 5)}
    mind = meaning(engine)

    assert mind.learn(lambda: True) == 8
    assert set(sizes(engine)) == {12, 11, 10, 5}
    assert mind.learn(lambda: True) == 0
    assert len(engine.asked) == 12


def test_an_engine_that_went_down_leaves_the_rest_to_the_next_one(engine: Engine) -> None:
    mind = meaning(engine)
    engine.lives_for = 5

    assert mind.learn(lambda: True) == 5
    assert len(engine.asked) == 6
    engine.lives_for, engine.state = 10_000, EngineState(phase="ready")

    assert mind.learn(lambda: True) == 7


def test_what_resembles_a_medium_is_found_and_not_the_medium_itself(engine: Engine) -> None:
    by_size = sizes(engine)
    mind = meaning(engine)
    mind.learn(lambda: True)

    found = [m.medium.size for m in mind.like_medium(by_size[6]) if m.medium is not None]
    sounds = [m.medium.size for m in mind.like_medium(by_size[6], "audio") if m.medium is not None]

    assert set(found[:2]) == {5, 7}
    assert 6 not in found
    assert set(sounds[:2]) == {5, 7}
    assert all(size % 2 for size in sounds)
    engine.refused = {by_size[6]}
    assert mind.like_medium(by_size[6]) == []


def test_words_that_the_encoder_was_not_taught_find_nothing(engine: Engine) -> None:
    mind = meaning(engine)
    mind.learn(lambda: True)
    assert len(mind.like("boat")) == 12

    engine.knows_words = False

    assert mind.like("zzzz") == []
    assert mind.learn(lambda: True) == 0


def test_what_stands_far_behind_the_best_is_not_shown(engine: Engine) -> None:
    for number in (120, 145, 157):
        made = engine.library.media.add_bytes(b"x" * number, mime="a/b", modality="image")
        conversation = engine.library.conversations.list()[0].id
        engine.library.messages.add(conversation, [Attachment(made.sha256)])
    mind = meaning(engine)
    mind.learn(lambda: True)

    found = mind.like("boat")

    assert len(found) == 12
    assert min(match.score for match in found) > 0.5
