"""Readers asked for what is in media: each fails alone, each medium is read once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from plugins.api import Observation, Reader, Stage
from plugins.errors import Cancelled, KnownError
from plugins.manifest import ReaderManifest
from plugins.stage import UnlimitedMemory
from runtime.messages import MediaPart, MediumRead, Message, Reading, TextPart, Turn, encode
from runtime.observations.found import MOST_BYTES, MOST_OBSERVATIONS
from runtime.observations.reading import KnownReader, MediumReader, known_readers
from runtime.observations.turn_media import read_media
from runtime.process.frames import MAX_FRAME_BYTES

Work = Callable[[Path, str, Stage], Any]


class Lines(Reader):
    """Reads a file line by line: the smallest reader that there can be."""

    id = "example.lines"
    version = "1"
    modalities = ("document",)

    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = []
        for number, line in enumerate(lines, 1):
            stage.progress(number, len(lines))
            found.append(Observation("document", line, place=f"line {number}"))
        return found


SEEN = frozenset(("image", "audio", "video"))
"""The modalities that a bundle with an encoder takes in by itself."""


def reader(
    *works: Work, modalities: tuple[str, ...] = ("document",), limit_s: float = 60.0
) -> MediumReader:
    """Some readers that do this."""

    def made(number: int, work: Work) -> KnownReader:
        one = type(f"Reader{number}", (Lines,), {"read": lambda _self, *given: work(*given)})
        return KnownReader(f"example.{number}", modalities, lambda: one(None))

    known = [made(number, work) for number, work in enumerate(works)]
    return MediumReader(known, UnlimitedMemory(), limit_s=limit_s)


def run(steps: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    """The events of a generator, and what it returned."""
    events = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as end:
            return events, end.value


def turn_of(*parts: TextPart | MediaPart) -> Turn:
    return Turn((Message("user", parts),))


@pytest.fixture
def notes(tmp_path: Path) -> MediaPart:
    path = tmp_path / "notes.txt"
    path.write_text("The key is under the mat.\n\n钥匙在垫子下面。\n", encoding="utf-8")
    return MediaPart("document", str(path), "my notes.txt")


def says(*texts: str) -> Work:
    return lambda path, modality, stage: [Observation("document", text) for text in texts]


def test_what_a_reader_found_stands_in_the_turn_with_its_source(notes: MediaPart) -> None:
    known = [KnownReader(Lines.id, Lines.modalities, lambda: Lines(None))]
    asked = turn_of(TextPart("where is it?"), notes)
    events, turn = run(read_media(asked, MediumReader(known, UnlimitedMemory()), threading.Event()))
    found = (
        Observation("document", "The key is under the mat.", place="line 1", source=Lines.id),
        Observation("document", "钥匙在垫子下面。", place="line 3", source=Lines.id),
    )
    assert events[0] == Reading(notes.path, Lines.id, 0, 0)
    assert events[-2] == Reading(notes.path, Lines.id, 3, 3)
    assert events[-1] == MediumRead(notes.path, found)
    assert turn.messages[0].parts[0] == TextPart("where is it?")
    assert turn.messages[0].parts[1].observations == found


def test_a_medium_is_read_once_under_any_name(notes: MediaPart, tmp_path: Path) -> None:
    reads = []

    def work(path: Path, modality: str, stage: Stage) -> list[Observation]:
        reads.append(path)
        return [Observation("document", "a")]

    copy = tmp_path / "copy"
    copy.write_bytes(Path(notes.path).read_bytes())
    one = reader(work)
    for part in (notes, notes, MediaPart("document", str(copy))):
        _, turn = run(read_media(turn_of(part), one, threading.Event()))
        assert turn.messages[0].parts[0].observations[0].text == "a"
    assert len(reads) == 1


def test_media_that_were_read_before_are_not_read(notes: MediaPart) -> None:
    part = MediaPart("document", "/nowhere", observations=())
    events, turn = run(read_media(turn_of(part), reader(), threading.Event()))
    assert (events, turn) == ([], turn_of(part))


def test_a_reader_that_raises_fails_alone(notes: MediaPart) -> None:
    def broken(path: Path, modality: str, stage: Stage) -> list[Observation]:
        raise SystemExit("its own\ntrouble")

    def known(path: Path, modality: str, stage: Stage) -> list[Observation]:
        raise KnownError("page 2 cannot be read.")

    _, read = run(reader(broken, known, says("still here")).read(notes, threading.Event()))
    assert [one.text for one in read.observations] == ["still here"]
    assert tuple(map(str, read.problems)) == (
        "example.0 could not read my notes.txt (SystemExit: its own trouble).",
        "page 2 cannot be read.",
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("words", "a str"),
        (["words"], "a str"),
        ([Observation("smell", "roses")], "kind 'smell'"),  # type: ignore[arg-type]
        ([Observation("text", b"roses")], "text that is a bytes"),  # type: ignore[arg-type]
        ([Observation("text", "a", confidence=float("nan"))], "confidence that is no number"),
        ([Observation("text", "a", start_s="now")], "start_s"),  # type: ignore[arg-type]
        ([Observation("text", "a", box=(0, 1))], "box of 2"),  # type: ignore[arg-type]
        ([Observation("text", "a", box=(0, 1, 2, None))], "sides"),  # type: ignore[arg-type]
    ],
)
def test_what_breaks_the_contract_is_refused_by_name(
    notes: MediaPart, found: Any, said: str
) -> None:
    _, read = run(reader(lambda *_: found).read(notes, threading.Event()))
    assert read.observations == ()
    assert said in str(read.problems[0]) and "example.0" in str(read.problems[0])


def test_text_that_cannot_be_kept_is_made_so(notes: MediaPart) -> None:
    _, read = run(reader(says("a\0b\ud800", "  ")).read(notes, threading.Event()))
    assert [one.text for one in read.observations] == ["ab?"]


def test_what_is_too_long_to_be_kept_is_said(notes: MediaPart) -> None:
    half = "字" * (MOST_BYTES // 7)
    _, read = run(reader(says(half, half, "the end", half)).read(notes, threading.Event()))
    assert len(read.observations) == 3
    assert "my notes.txt is longer than can be kept: its first 3 passages" in str(read.problems[0])
    many = ["x"] * (MOST_OBSERVATIONS + 1)
    _, read = run(reader(says(*many)).read(notes, threading.Event()))
    assert len(read.observations) == MOST_OBSERVATIONS and read.problems
    assert len(encode(read)) < MAX_FRAME_BYTES


def test_a_reader_that_goes_silent_is_given_up(notes: MediaPart) -> None:
    go_on = threading.Event()
    _, read = run(
        reader(lambda *_: go_on.wait(), says("other"), limit_s=0.2).read(notes, threading.Event())
    )
    go_on.set()
    assert "within 0.2 s" in str(read.problems[0])
    assert [one.text for one in read.observations] == ["other"]


def test_stopping_ends_a_reader_at_its_next_step(notes: MediaPart) -> None:
    stopped, ended = threading.Event(), threading.Event()

    def endless(path: Path, modality: str, stage: Stage) -> list[Observation]:
        step = 0
        try:
            while True:
                stage.progress(step := step + 1, 0)
                time.sleep(0.001)
        finally:
            ended.set()

    steps = reader(endless).read(notes, stopped)
    next(steps)
    next(steps)
    stopped.set()
    with pytest.raises(Cancelled):
        run(steps)
    assert ended.wait(10)


def test_leaving_early_stops_a_reader(notes: MediaPart) -> None:
    ended = threading.Event()

    def endless(path: Path, modality: str, stage: Stage) -> list[Observation]:
        while not stage.cancelled():
            time.sleep(0.001)
        ended.set()
        return []

    steps = reader(endless).read(notes, threading.Event())
    next(steps)
    steps.close()
    assert not ended.is_set() or ended.wait(10)


def manifest(model: str = "", enabled: bool = True) -> ReaderManifest:
    return ReaderManifest(
        plugin="example", enabled=enabled, id=Lines.id, modalities=Lines.modalities,
        python_name="tests.runtime.observations.test_reading:Lines", description="", model=model,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_model_that_is_not_there_is_one_sentence_and_comes_when_it_comes(
    notes: MediaPart, tmp_path: Path
) -> None:
    class Installed:
        folder = tmp_path

    here: list[Installed] = []
    known = known_readers([manifest("hear")], lambda purpose: here[0] if here else None)
    one = MediumReader(known, UnlimitedMemory())
    _, read = run(one.read(notes, threading.Event()))
    assert tuple(map(str, read.problems)) == (
        "expected a model to hear speech, found none on this computer. Fetch it under Settings, "
        "Models, or with `medley models get starter`.",
    )
    here.append(Installed())
    _, read = run(one.read(notes, threading.Event()))
    assert len(read.observations) == 2 and not read.problems
    assert known[0].make() is known[0].make() and known[0].make().model == tmp_path


def test_readers_that_are_off_are_not_asked(notes: MediaPart) -> None:
    one = MediumReader(known_readers([manifest(enabled=False)], lambda _: None), UnlimitedMemory())
    _, read = run(one.read(notes, threading.Event()))
    assert "found none that is switched on" in str(read.problems[0])


def test_what_could_not_be_read_is_told_of_the_last_message_only(notes: MediaPart) -> None:
    said = Message("user", (notes,))
    turn = Turn((said, Message("assistant", (TextPart("well"),)), said))
    events, _ = run(read_media(turn, reader(), threading.Event()))
    assert [bool(event.problems) for event in events] == [True]
    events, _ = run(read_media(turn, reader(says("a")), threading.Event()))
    assert sum(isinstance(event, MediumRead) for event in events) == 2


def test_a_bundle_with_an_encoder_gets_its_media_as_they_are_and_no_documents(
    notes: MediaPart,
) -> None:
    picture = MediaPart("image", "/nowhere.png")
    events, turn = run(
        read_media(turn_of(picture), reader(), threading.Event(), taken=SEEN, documents=False)
    )
    assert (events, turn) == ([], turn_of(picture))
    with pytest.raises(KnownError, match=r"my notes\.txt: .* reads no documents"):
        run(read_media(turn_of(notes), reader(), threading.Event(), taken=SEEN, documents=False))
    earlier = Message("user", (notes,))
    turn = Turn((earlier, Message("user", (TextPart("and now?"),))))
    _, named = run(read_media(turn, reader(), threading.Event(), taken=SEEN, documents=False))
    assert named.messages[0].parts == (TextPart("[my notes.txt]"),)


def test_a_file_that_is_gone_fails_the_turn_in_a_sentence(tmp_path: Path) -> None:
    part = MediaPart("document", str(tmp_path / "gone.txt"))
    with pytest.raises(KnownError, match="no such file"):
        run(read_media(turn_of(part), reader(), threading.Event()))
