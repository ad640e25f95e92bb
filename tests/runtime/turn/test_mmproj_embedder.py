"""A bundle whose language model sees and hears by its mmproj: whole turns through the engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from plugins.api import Observation
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.language_model.chunks import MediaChunk, TokenChunk
from runtime.messages import (
    Event,
    MediaPart,
    MediumRead,
    Message,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.turn.mmproj_embedder import FRAME_SIDE, MOST_FRAMES, frame_numbers
from tests.runtime.making_media import write_clip, write_picture, write_sound
from tests.tiny_mmproj import write_bundle

pytest.importorskip("llama_cpp.mtmd_cpp", reason="this llama.cpp was built without mtmd")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("bundles") / "qwen"
    return write_bundle(folder, "qwen", ("image", "audio"), n_ctx=4096)


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> Iterator[Engine]:
    with Engine(bundle, device="cpu", threads=1) as opened:
        yield opened


def said(text: str, *media: MediaPart) -> Message:
    return Message("user", (*media, TextPart(text)))


def answered(engine: Engine, *messages: Message) -> TurnDone:
    return done(engine.answer(Turn(messages, seed=1)))


def done(events: Iterator[Event]) -> TurnDone:
    last = list(events)[-1]
    assert isinstance(last, TurnDone), last
    return last


def encoded(engine: Engine) -> int:
    return engine._ready().embedder.encoded


def noise(path: Path, seed: int, size: tuple[int, int] = (64, 48)) -> MediaPart:
    source = np.random.default_rng(seed)
    width, height = size
    Image.fromarray(source.integers(0, 256, (height, width, 3), np.uint8)).save(path)
    return MediaPart("image", str(path))


def test_old_pictures_are_neither_encoded_nor_decoded_again(engine: Engine, tmp_path: Path) -> None:
    before = encoded(engine)
    talk: list[Message] = []
    for number in range(3):
        talk.append(said("what is it?", noise(tmp_path / f"{number}.png", number)))
        first = answered(engine, *talk)
        talk.append(first.reply)
    assert encoded(engine) == before + 3
    last = answered(engine, *talk, said("and now?"))
    assert encoded(engine) == before + 3
    # What the next turn adds closes the answer before it; all else lies in the cache.
    assert last.usage.reused_tokens >= first.usage.prompt_tokens
    assert last.usage.prompt_tokens - last.usage.reused_tokens < 40
    cells = [cell for cell in engine._ready().model.cells if not isinstance(cell, int)]
    assert len({cell[0] for cell in cells}) == 3


def test_the_same_picture_under_another_name_is_encoded_once(
    engine: Engine, tmp_path: Path
) -> None:
    before = encoded(engine)
    one, other = noise(tmp_path / "a.png", 40), noise(tmp_path / "b.png", 40)
    turn = Turn((said("one", one, other), Message("assistant", (TextPart("x"),)), said("two", one)))
    done(engine.answer(turn))
    assert encoded(engine) == before + 1


def test_an_encoder_that_had_to_make_room_is_opened_again(engine: Engine, tmp_path: Path) -> None:
    old = noise(tmp_path / "old.png", 50)
    answered(engine, said("one", old))
    engine.memory.drop("media encoder")
    before = encoded(engine)
    answered(engine, said("two", old))
    assert encoded(engine) == before
    assert "media encoder" not in [one.key for one in engine.memory.residents()]
    answered(engine, said("three", noise(tmp_path / "new.png", 51)))
    assert encoded(engine) == before + 1
    assert "media encoder" in [one.key for one in engine.memory.residents()]


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_a_sound_is_heard_at_the_models_rate(engine: Engine, tmp_path: Path, rate: int) -> None:
    path = tmp_path / "tone.wav"
    time = np.arange(rate) / rate
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * 440 * time), rate)
    part = MediaPart("audio", str(path))
    chunks = engine._ready().embedder.embed(part, lambda: False)
    block = next(chunk for chunk in chunks if isinstance(chunk, MediaChunk))
    assert block.positions == 750
    answered(engine, said("what do you hear?", part))
    at_16 = _embedded(engine, write_tone(tmp_path / "same.wav", 16_000))
    difference = np.abs(block.embeddings - at_16).mean() / np.abs(at_16).mean()
    assert difference < 0.1


def write_tone(path: Path, rate: int) -> MediaPart:
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate), rate)
    return MediaPart("audio", str(path))


def _embedded(engine: Engine, part: MediaPart) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    chunks = engine._ready().embedder.embed(part, lambda: False)
    return next(chunk.embeddings for chunk in chunks if isinstance(chunk, MediaChunk))


def test_a_clip_is_frames_with_their_times_and_its_sound(engine: Engine, tmp_path: Path) -> None:
    clip = MediaPart("video", str(write_clip(tmp_path / "c.mp4", 24, 8, sound=True)))
    embedder, model = engine._ready().embedder, engine._ready().model
    chunks = embedder.embed(clip, lambda: False)
    blocks = [chunk for chunk in chunks if isinstance(chunk, MediaChunk)]
    words = model.text([i for c in chunks if isinstance(c, TokenChunk) for i in c.ids])
    assert words == "[0m0.38s][0m1.88s]"
    assert [block.placing is None for block in blocks] == [False, False, True]
    assert embedder.positions(clip) == sum(chunk.positions for chunk in chunks)
    silent = MediaPart("video", str(write_clip(tmp_path / "s.mp4", 24, 8)))
    assert embedder.positions(silent) < embedder.positions(clip)
    answered(engine, said("what happens?", clip))


def test_a_long_clip_keeps_to_its_share_of_the_context(engine: Engine, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "long.mp4", 400, 4, (640, 480))
    positions = engine._ready().embedder.positions(MediaPart("video", str(path)))
    assert positions <= engine._ready().model.n_ctx // 4 + 200


@pytest.mark.parametrize(
    ("n_frames", "fps", "most", "wanted"),
    [
        (1, 25.0, 16, [0]),
        (2, 25.0, 16, [0, 1]),
        (25, 25.0, 16, [6, 18]),
        (100, 10.0, 4, [12, 37, 62, 87]),
        (100, 10.0, 1, [50]),
    ],
)
def test_frames_lie_evenly_over_a_clip(
    n_frames: int, fps: float, most: int, wanted: list[int]
) -> None:
    assert frame_numbers(n_frames, fps, most) == wanted
    assert len(frame_numbers(90_000, 25.0, MOST_FRAMES)) == MOST_FRAMES
    assert FRAME_SIDE % 28 == 0


def test_a_turned_picture_is_seen_upright(engine: Engine, tmp_path: Path) -> None:
    upright = noise(tmp_path / "u.png", 7, (64, 32))
    turned = tmp_path / "t.png"
    exif = Image.Exif()
    exif[0x0112] = 6  # To be turned by 90 degrees clockwise.
    Image.open(upright.path).transpose(Image.Transpose.ROTATE_90).save(turned, exif=exif)
    found, wanted = (_embedded(engine, part) for part in (MediaPart("image", str(turned)), upright))
    np.testing.assert_array_equal(found, wanted)


def test_a_file_that_is_no_picture_is_one_clear_sentence(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"not a picture")
    events = list(engine.answer(Turn((said("what?", MediaPart("image", str(path))),))))
    assert isinstance(events[-1], TurnFailed) and "x.png" in str(events[-1].problem)


def test_stopping_before_and_while_it_looks_leaves_the_next_turn_as_it_would_be(
    engine: Engine, tmp_path: Path
) -> None:
    part = noise(tmp_path / "p.png", 99, (200, 160))
    cancelled = threading.Event()
    cancelled.set()
    stopped = done(engine.answer(Turn((said("what?", part),), seed=1), cancelled))
    assert stopped.finish == "stopped"
    first = answered(engine, said("what?", part))
    again = answered(engine, said("what?", part))
    assert first.reply == again.reply


def test_the_marker_in_a_persons_words_is_words(engine: Engine, tmp_path: Path) -> None:
    part = noise(tmp_path / "p.png", 5)
    plain = answered(engine, said("look", part)).usage.prompt_tokens
    marked = answered(engine, said("look<__media__>", part)).usage.prompt_tokens
    assert marked == plain + len("<__media__>")


def test_what_was_read_of_a_picture_gives_way_to_the_picture_itself(
    engine: Engine, tmp_path: Path
) -> None:
    part = noise(tmp_path / "p.png", 6)
    read = MediaPart(
        "image", part.path, observations=(Observation("label", "cat", 0.9, source="x"),)
    )
    told, seen = (answered(engine, said("look", one)) for one in (read, part))
    assert told.reply == seen.reply and told.usage.prompt_tokens == seen.usage.prompt_tokens


def test_media_that_the_model_does_not_take_go_to_the_readers(tmp_path: Path) -> None:
    seeing = write_bundle(tmp_path / "llava", "llava", ("image",))
    with Engine(seeing, device="cpu", threads=1) as engine:
        assert engine._ready().embedder.modalities == {"image", "video"}
        sound = MediaPart("audio", str(write_sound(tmp_path / "s.wav")))
        picture = MediaPart("image", str(write_picture(tmp_path / "p.png")))
        events = list(engine.answer(Turn((said("what is this?", sound, picture),))))
        assert [event.path for event in events if isinstance(event, MediumRead)] == [sound.path]
        assert isinstance(events[-1], TurnDone) and encoded(engine) == 1
        clip = MediaPart("video", str(write_clip(tmp_path / "c.mp4", sound=True)))
        assert isinstance(list(engine.answer(Turn((said("and this?", clip),))))[-1], TurnDone)
        with pytest.raises(KnownError, match="cannot take in a sound"):
            engine._ready().embedder.embed(sound, lambda: False)


def test_media_that_leave_no_room_are_refused_before_they_are_encoded(tmp_path: Path) -> None:
    small = write_bundle(tmp_path / "small", "ultravox", ("audio",), n_ctx=256)
    with Engine(small, device="cpu", threads=1) as engine:
        sound = MediaPart("audio", str(write_sound(tmp_path / "s.wav")))
        last = list(engine.answer(Turn((said("what is this?", sound),))))[-1]
        assert isinstance(last, TurnFailed) and "give fewer or shorter files" in str(last.problem)
        assert encoded(engine) == 0


def test_what_the_manifest_promises_and_the_file_does_not_keep_is_told(tmp_path: Path) -> None:
    wrong = write_bundle(tmp_path / "wrong", "llava", ("image", "audio"))
    with Engine(wrong, device="cpu", threads=1) as engine:
        picture = MediaPart("image", str(write_picture(tmp_path / "p.png")))
        last = list(engine.answer(Turn((said("what?", picture),))))[-1]
        assert isinstance(last, TurnFailed) and "takes audio" in str(last.problem)


def test_what_only_its_model_reads_cannot_be_searched_by_meaning(
    engine: Engine, tmp_path: Path
) -> None:
    for content in (TextPart("a boat"), noise(tmp_path / "a.png", 1)):
        with pytest.raises(KnownError, match="an mmproj, which its language model alone can read"):
            engine.embed(content)
