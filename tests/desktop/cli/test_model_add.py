"""`medley models add`, `make`, `found`, and what becomes of it in `list`, `verify` and `remove`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desktop.conftest import Run, error_line
from tests.runtime.composition.making import CHATML, language_model
from tests.runtime.local_models import making


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Medley's data folder; no other program is on this computer."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("MEDLEY_PROGRAMS_HOME", str(tmp_path / "home"))
    return tmp_path / "data" / "medley"


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A language model of the person's own."""
    return language_model(tmp_path / "Tiny-Chat.gguf", CHATML)


def test_a_file_is_added_listed_verified_and_removed(medley: Run, data: Path, gguf: Path) -> None:
    added = medley("models", "add", gguf, "--no-test")

    assert added.code == 0, added.err
    assert added.out.splitlines()[0] == "tiny-chat  tiny"
    assert f"used where it is: {gguf}" in added.out
    assert 'medley ask --bundle tiny-chat "Hello"' in added.out
    listed = json.loads(medley("models", "list", "--json").out)
    assert [(one["name"], one["problem"]) for one in listed["added"]] == [("tiny-chat", None)]
    (bundle,) = (one for one in listed["bundles"] if one["name"] == "tiny-chat")
    assert bundle["composed"] and bundle["gone"] == []
    assert medley("models", "verify", "tiny-chat").code == 0
    removed = medley("models", "remove", "tiny-chat")
    assert removed.out == f"tiny-chat: removed; {gguf} stays where it is\n"
    assert gguf.is_file() and not (data / "bundles" / "tiny-chat").exists()
    assert "tiny-chat" not in medley("models", "list").out


def test_a_bundle_is_made_of_parts(medley: Run, data: Path, gguf: Path, tmp_path: Path) -> None:
    making.whisper(tmp_path / "ears")
    words = ["--audio", "none", "--video", "none", "--hear", tmp_path / "ears", "--json"]

    made = json.loads(medley("models", "make", "mine", "--talk", gguf, *words).out)

    assert made["parts"] == {
        "talk": "tiny", "make pictures": "Pocket", "hear speech": str(tmp_path / "ears"),
    }  # fmt: skip
    assert Path(made["folder"]) == data / "bundles" / "mine"
    assert "mine: removed" in medley("models", "remove", "mine").out


def test_several_are_added_and_what_cannot_be_is_named(
    medley: Run, data: Path, tmp_path: Path
) -> None:
    ears = making.whisper(tmp_path / "ears")
    (tmp_path / "notes.txt").write_text("no model")

    ran = medley("models", "add", tmp_path / "notes.txt", ears, "--no-test")

    assert ran.code == 2
    assert "notes.txt" in ran.err
    assert "use it: medley listen FILE --model ears" in ran.out


def test_ears_that_changed_do_not_pass(medley: Run, data: Path, tmp_path: Path) -> None:
    ears = making.whisper(tmp_path / "ears")
    medley("models", "add", ears)
    assert "4 checks passed" in medley("models", "verify", "ears").out
    (ears / "vocabulary.json").write_text("{}")

    ran = medley("models", "verify", "ears")

    assert "is not what was added" in error_line(ran)
    assert "WRONG" in ran.out
    (ears / "vocabulary.json").unlink()
    assert "vocabulary.json is gone" in medley("models", "list").out


def test_what_other_programs_have_is_listed_and_added(
    medley: Run, data: Path, tmp_path: Path
) -> None:
    assert "No other program" in medley("models", "found").out
    folder = tmp_path / "home" / ".lmstudio" / "models" / "maker" / "Tiny-GGUF"
    folder.mkdir(parents=True)
    making.talker(folder / "Tiny-Q4.gguf")

    found = medley("models", "found").out
    assert "LM Studio  (--from lm-studio)" in found and "Tiny Talker  to talk" in found
    added = medley("models", "add", "--from", "lm-studio", "Tiny Talker", "--no-test")
    assert "tiny-q4  Tiny Talker" in added.out
    assert "there are: lm-studio" in error_line(medley("models", "add", "--from", "jan"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["models", "add"], "expected the path of a model"),
        (["models", "add", "/no/such.gguf"], "such.gguf"),
        (["models", "add", "a", "b", "--name", "x"], "expected one path where --name"),
        (["models", "make", "../x", "--talk", "y"], "expected 1 to 64 letters"),
        (["models", "make", "starter", "--talk", "y"], "expected one of your own"),
        (["models", "make", "mine", "--talk", "nothing"], "no model 'nothing'"),
        (["models", "make", "mine"], "--talk"),
        (["models", "remove", "pocket"], "expected one that was composed"),
        (["listen", "x.wav", "--model", "nothing"], "x.wav"),
        (["say", "hi", "--model", "nothing"], "model 'nothing': expected one to speak"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    words: list[str], says: str, medley: Run, data: Path
) -> None:
    assert says in error_line(medley(*words))


def test_no_path_is_no_folder(
    medley: Run, data: Path, gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(gguf.parent)

    ran = medley("models", "add", "", "--no-test")

    assert ran.code == 2 and "expected the path of a model, found none" in error_line(ran)
    assert not (data / "added").exists()


def test_what_cannot_be_removed_says_what_can(medley: Run, data: Path, gguf: Path) -> None:
    medley("models", "add", gguf, "--no-test")

    unknown = error_line(medley("models", "remove", "nothing"))
    assert "known are tiny-chat, starter" in unknown
    assert "Nothing was removed" in error_line(medley("models", "remove", "pocket"))


def test_a_bundle_whose_paths_lead_out_is_listed_as_broken(
    medley: Run, data: Path, gguf: Path
) -> None:
    medley("models", "add", gguf, "--no-test")
    manifest = data / "bundles" / "tiny-chat" / "bundle.toml"
    sound = manifest.read_text()
    for path in ("../llm.gguf", "/dev/zero", "llm\\u0000.gguf"):
        manifest.write_text(sound.replace('file = "llm.gguf"', f'file = "{path}"'))

        ran = medley("models", "list")

        assert ran.code == 0 and "tiny-chat  broken: " in ran.out


def test_a_link_to_what_is_gone_says_what_that_was(
    medley: Run, data: Path, gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr("os.link", refuse)
    medley("models", "add", gguf, "--no-test")
    gguf.unlink()

    ran = medley("ask", "--bundle", "tiny-chat", "hello")

    assert f"llm.gguf is a link to {gguf}, which is gone" in error_line(ran)
