"""Pocketworld as a data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.datasets.examples import Dialogue, Pair, media_of, wanted_of
from training.datasets.reading import Reading, read_folder
from training.dialogues.mosit_files import DECODERS_DO_NOT_KNOW, LONGEST, write_folder
from training.dialogues.phrasings import BOOKS

MEDIA = {"image": 3, "audio": 2, "video": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pocketworld")
    write_folder(made, 60, 3, MEDIA)
    return made


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    return read_folder(folder, ("image", "audio", "video"))


def test_every_record_can_be_read(reading: Reading) -> None:
    kinds = [type(sourced.example) for sourced in reading.examples]

    assert [one for one in reading.skipped if one.kind != "duplicate"] == []
    assert kinds.count(Pair) == sum(MEDIA.values())
    assert kinds.count(Dialogue) + len(reading.skipped) == 60


def test_dialogues_give_media_and_ask_for_some(reading: Reading) -> None:
    dialogues = [s.example for s in reading.examples if isinstance(s.example, Dialogue)]

    assert any(media_of(one) for one in dialogues)
    assert any(wanted_of(one) for one in dialogues)
    assert all(len(one.exchanges) <= LONGEST for one in dialogues)
    assert all(wanted.caption.isascii() for one in dialogues for wanted in wanted_of(one))


def test_pockets_own_talk_is_left_out(reading: Reading) -> None:
    said = {
        part
        for sourced in reading.examples
        if isinstance(sourced.example, Dialogue)
        for exchange in sourced.example.exchanges
        for part in exchange.answer
        if isinstance(part, str)
    }

    own = {book.refusal for book in BOOKS.values()}
    own |= {answer for book in BOOKS.values() for _, answer in book.talk}
    assert not said & own
    assert said & set(DECODERS_DO_NOT_KNOW.values())


def test_the_same_seed_gives_the_same_dialogues(folder: Path, tmp_path: Path) -> None:
    write_folder(tmp_path, 60, 3, MEDIA)

    for name in ("captions.json", "dialogues.jsonl"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
