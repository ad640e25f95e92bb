"""What a person names is known by what is in it, whatever its name; everything else says why."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.local_models import identify as identifying
from runtime.local_models.found import FoundModel, NotAModelError, TalkerFacts, size_label
from runtime.local_models.identify import identified_as, identify, look
from runtime.local_models.walk import Walk
from tests.installed import model_folder
from tests.runtime.local_models import making
from tests.runtime.local_models.naming import only, refusal


def test_a_language_model_says_what_it_is(tmp_path: Path) -> None:
    found = only(making.talker(tmp_path / "a.gguf"))

    assert (found.kind, found.purpose, found.title) == ("gguf", "talk", "Tiny Talker")
    assert (found.licence, found.files, found.warnings) == ("apache-2.0", (found.path,), ())
    assert found.bytes == found.path.stat().st_size
    facts = found.facts
    assert isinstance(facts, TalkerFacts)
    assert (facts.architecture, facts.d_model, facts.n_embd_inp) == ("llama", 64, 64)
    assert (facts.n_layers, facts.n_ctx_train, facts.n_vocab) == (2, 512, len(making.TOKENS))
    assert (facts.quantisation, facts.has_chat_template, facts.is_thinking) == ("F16", True, False)
    assert facts.parameters == 3 * 64 * len(making.TOKENS) and facts.size_label == "6K"


def test_a_folder_gives_every_model_in_it(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    making.talker(tmp_path / "m" / "model.gguf")
    making.mmproj(tmp_path / "m" / "eyes.gguf")
    making.whisper(tmp_path / "ears")
    making.kokoro(tmp_path / "voice")
    making.decoder(tmp_path / "painter")

    found = identify(tmp_path)

    assert {one.kind for one in found} == {"gguf", "mmproj", "whisper", "kokoro", "diffusers"}
    assert not any(one.warnings for one in found)
    assert len(identify(tmp_path / "m")) == 2


def test_a_renamed_mmproj_is_no_talker(tmp_path: Path) -> None:
    path = making.mmproj(tmp_path / "Llama-3-8B-Instruct.Q4_K_M.gguf")

    assert only(path).purpose == "take in"
    with pytest.raises(NotAModelError, match=r"a model that talks, found a file \(mmproj\)"):
        identified_as(path, "talk")


def test_the_only_model_for_a_purpose_is_given(tmp_path: Path) -> None:
    making.talker(tmp_path / "a.gguf")
    making.mmproj(tmp_path / "b.gguf")

    assert identified_as(tmp_path, "talk").path.name == "a.gguf"
    assert identified_as(tmp_path, "take in").path.name == "b.gguf"

    making.talker(tmp_path / "c.gguf")
    with pytest.raises(NotAModelError, match=r"found 2: a\.gguf, c\.gguf"):
        identified_as(tmp_path, "talk")


def test_a_broken_one_is_the_reason_where_only_others_are_whole(tmp_path: Path) -> None:
    making.mmproj(tmp_path / "eyes.gguf")
    (tmp_path / "talker.gguf").write_bytes(b"<html>")

    with pytest.raises(NotAModelError, match="a web page"):
        identified_as(tmp_path, "talk")


def test_what_cannot_be_used_beside_a_model_is_told(tmp_path: Path) -> None:
    whole = making.talker(tmp_path / "b.gguf")
    (tmp_path / "a.gguf").write_bytes(whole.read_bytes()[:-1])

    found = only(tmp_path)

    assert found.path == whole
    (warning,) = found.warnings
    assert "a.gguf" in str(warning)


def test_an_mmproj_of_another_model_beside_it_says_so(tmp_path: Path) -> None:
    making.talker(tmp_path / "a.gguf", d_model=128)
    making.mmproj(tmp_path / "b.gguf")

    eyes = identified_as(tmp_path, "take in")

    assert "64" in str(eyes.warnings[0]) and "b.gguf" in str(eyes.warnings[0])


@pytest.mark.parametrize("named", [0, 1, 2])
def test_pieces_are_one_model_whichever_is_named(tmp_path: Path, named: int) -> None:
    making.talker(tmp_path / "big.gguf", a_piece=1)
    pieces = sorted(tmp_path.iterdir())

    found = only(pieces[named])

    assert found.files == tuple(pieces) and found.path == pieces[0]
    assert found.bytes == sum(piece.stat().st_size for piece in pieces)
    assert only(tmp_path) == found


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_piece_is_named(tmp_path: Path, missing: int) -> None:
    making.talker(tmp_path / "big.gguf", a_piece=1)
    pieces = sorted(tmp_path.iterdir())
    pieces[missing].unlink()

    for path in (*(piece for piece in pieces if piece.exists()), tmp_path):
        said = refusal(path)
        assert pieces[missing].name in said and "all 3 pieces" in said


def test_a_piece_of_another_model_is_refused(tmp_path: Path) -> None:
    making.talker(tmp_path / "big.gguf", a_piece=1)
    first, second, third = sorted(tmp_path.iterdir())
    shutil.copy(third, second)

    assert "piece 2 of 3" in refusal(first)


def test_a_piece_under_another_name_is_refused(tmp_path: Path) -> None:
    first = making.talker(tmp_path / "big.gguf", a_piece=2)

    assert "one of 2 pieces" in refusal(first.rename(tmp_path / "model.gguf"))


def test_a_base_model_is_taken_with_a_warning(tmp_path: Path) -> None:
    found = only(making.talker(tmp_path / "a.gguf", template=""))

    assert "no chat template" in str(found.warnings[0])


def test_what_the_metadata_says_about_a_model_is_told(tmp_path: Path) -> None:
    keys = {"qwen35.ssm.state_size": 128, "qwen35.attention.sliding_window": 1024}
    facts = only(
        making.talker(tmp_path / "a.gguf", "qwen35", keys=keys, template="{{ x }}<think>")
    ).facts
    deep = {"qwen3vl.n_deepstack_layers": 3}
    wide = only(making.talker(tmp_path / "b.gguf", "qwen3vl", keys=deep)).facts

    assert isinstance(facts, TalkerFacts) and isinstance(wide, TalkerFacts)
    assert (facts.is_hybrid, facts.sliding_window, facts.is_thinking) == (True, 1024, True)
    assert (wide.is_hybrid, wide.n_embd_inp) == (False, 256)


@pytest.mark.parametrize(
    ("name", "title"),
    [("Qwen2.5 Coder", "Qwen2.5 Coder"), ("model", "Nice-7B"), ("/home/me/x", "Nice-7B"),
     ("", "Nice-7B"), ("A\nB\tC\u202e", "A B C"), ("x" * 500, "x" * 80)],
)  # fmt: skip
def test_the_title_is_one_that_can_be_shown(tmp_path: Path, name: str, title: str) -> None:
    assert only(making.talker(tmp_path / "Nice-7B.gguf", name=name)).title == title


@pytest.mark.parametrize(
    ("stated", "shown"), [("30B-A3B", "30B-A3B"), ("8x7B", "8x7B"), ("big\n", "6K"), ("", "6K")]
)
def test_the_size_is_the_one_that_is_stated(tmp_path: Path, stated: str, shown: str) -> None:
    facts = only(making.talker(tmp_path / "a.gguf", keys={"general.size_label": stated})).facts

    assert isinstance(facts, TalkerFacts) and facts.size_label == shown


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [(999_400, "999K"), (999_600, "1M"), (134_515_008, "135M"), (1_777_088_000, "1.8B"),
     (7_000_000_000, "7B"), (70_553_706_496, "71B"), (1_200_000_000_000, "1.2T")],
)  # fmt: skip
def test_numbers_of_weights_are_said_as_people_say_them(parameters: int, shown: str) -> None:
    assert size_label(parameters) == shown


def test_paths_that_lead_nowhere_say_so(tmp_path: Path) -> None:
    (tmp_path / "link.gguf").symlink_to(tmp_path / "gone.gguf")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    os.mkfifo(tmp_path / "pipe.gguf")

    assert "a link that leads nowhere" in refusal(tmp_path / "link.gguf")
    assert "a link that leads nowhere" in refusal(tmp_path / "circle")
    assert "a device or a pipe" in refusal(tmp_path / "pipe.gguf")
    assert "Check the path" in refusal(tmp_path / "none.gguf")
    assert "Check the path" in refusal(tmp_path / "link.gguf" / "below")
    assert "Check the path" in refusal(tmp_path / "a\0b")


def test_what_may_not_be_read_says_so(
    shared: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shared))
    file = making.talker(shared / "a.gguf")
    folder, closed = making.decoder(shared / "decoder"), shared / "closed"
    (folder / "unet").chmod(0)
    file.chmod(0)
    closed.mkdir(mode=0)
    request.getfixturevalue("nobody")

    for path in (file, folder, closed, closed / "inside.gguf"):
        assert "forbids it" in refusal(path)


def test_a_part_of_a_model_stands_for_the_whole(tmp_path: Path) -> None:
    ears, voice = making.whisper(tmp_path / "ears"), making.kokoro(tmp_path / "voice")
    painter = making.decoder(tmp_path / "painter")

    for part in (ears / "model.bin", voice / "kokoro-v1.0.onnx", painter / "model_index.json"):
        assert only(part).path == part.parent


def test_a_model_under_another_name_is_found_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "notes.txt").write_text("hi")
    alone = making.talker(tmp_path / "one" / "sha256-abc")
    beside = making.talker(tmp_path / "more" / "model.bin")

    assert only(tmp_path / "one").path == alone
    assert only(tmp_path / "more").path == beside


def test_circles_of_folders_come_to_an_end(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "up").symlink_to(tmp_path)
    making.talker(inner / "m.gguf")

    assert only(tmp_path).path == inner / "m.gguf"


def test_too_many_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifying, "Walk", partial(Walk, most=9))
    for number in range(12):
        (tmp_path / f"{number}").touch()

    assert "so many files" in str(look(tmp_path).problems[-1])


def test_a_revision_in_hugging_faces_cache_is_taken_once(tmp_path: Path) -> None:
    repository = tmp_path / "models--maker--Nice-GGUF"
    for number, revision in enumerate(("a" * 40, "b" * 40)):
        (repository / "snapshots" / revision).mkdir(parents=True)
        (repository / "blobs").mkdir(exist_ok=True)
        blob = making.talker(repository / "blobs" / f"{number}", name=f"Version {number}")
        (repository / "snapshots" / revision / "m.gguf").symlink_to(blob)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("a" * 40)

    assert only(repository).title == "Version 0"
    assert only(tmp_path).title == "Version 0"


INSTALLED: dict[str, Callable[[FoundModel], bool]] = {
    "qwen2.5-coder-0.5b": lambda one: one.purpose == "talk" and "0.5B" in one.title,
    "whisper-base": lambda one: one.purpose == "hear" and getattr(one.facts, "multilingual", 0),
    "whisper-tiny.en": lambda one: not getattr(one.facts, "multilingual", True),
    "kokoro-82m": lambda one: "af_heart" in getattr(one.facts, "voices", ()),
}


@pytest.mark.parametrize("name", INSTALLED)
def test_real_models_are_known(name: str) -> None:
    assert INSTALLED[name](only(model_folder(name)))


def test_errors_are_known_errors() -> None:
    assert issubclass(NotAModelError, KnownError)


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text there")
def test_a_name_that_no_note_can_hold_is_to_be_changed(tmp_path: Path) -> None:
    path = making.talker(tmp_path / os.fsdecode(b"\xff.gguf"))

    assert "expected a path in UTF-8" in refusal(path)
    making.whisper(tmp_path / "ears")
    assert [one.purpose for one in identify(tmp_path)] == ["hear"]
