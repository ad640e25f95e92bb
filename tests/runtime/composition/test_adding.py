"""A model that a person has is used where it lies, under a name, and talked to at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plugins.errors import Cancelled, KnownError
from runtime.bundle.bundle import Bundle, list_bundles
from runtime.catalogue import added, store
from runtime.composition import adding
from runtime.composition.adding import Addition, add, of_program, wanted
from runtime.composition.compose import Progress
from runtime.local_models.pairing import SeveralFitError
from runtime.local_models.programs import find_programs
from tests.runtime.composition.making import language_model
from tests.runtime.local_models import making


def bundles() -> list[str]:
    return [entry.name for entry in list_bundles() if entry.name != "pocket"]


def opened(addition: Addition) -> Bundle:
    assert addition.bundle is not None
    return Bundle.open(addition.bundle)


def test_a_language_model_gets_a_bundle_of_its_name_with_pockets_decoders(
    data: Path, own_gguf: Path
) -> None:
    addition = add(wanted(own_gguf))

    bundle = opened(addition)
    assert addition.model.name == bundle.folder.name == "tiny-chat-f16"
    assert bundle.modalities == ("text", "image", "audio", "video")
    assert bundle.manifest.signals["image"].stand_ins.keys() == {"medley.clipart"}
    assert bundle.manifest.template.user_open == "<user>"
    assert addition.warnings == ()
    assert Path(addition.model.path) == own_gguf
    assert added.find("tiny-chat-f16") == addition.model


def test_one_in_pieces_is_linked_piece_by_piece_under_names_that_llama_cpp_finds(
    data: Path, tmp_path: Path
) -> None:
    first = language_model(tmp_path / "Big.gguf", a_piece=4)

    bundle = opened(add(wanted(first)))

    listed = [path for path in bundle.manifest.files if path.startswith("llm-")]
    assert len(listed) > 1
    assert (
        bundle.manifest.language_model.file == min(listed) == f"llm-00001-of-0000{len(listed)}.gguf"
    )
    assert bundle.folder.name == "big"
    from runtime.components.load import language_model as load

    with load(bundle, n_ctx=64) as model:
        assert model.n_vocab == bundle.manifest.language_model.n_vocab


def test_one_without_a_template_is_asked_in_chatml_and_says_so(data: Path, tmp_path: Path) -> None:
    addition = add(wanted(language_model(tmp_path / "base.gguf")))

    assert opened(addition).manifest.template.user_open == "<|im_start|>user\n"
    said = " ".join(map(str, addition.warnings))
    assert "no chat template" in said and "ChatML" in said


def test_one_whose_template_fails_is_asked_in_chatml_and_says_why(
    data: Path, tmp_path: Path
) -> None:
    addition = add(wanted(language_model(tmp_path / "odd.gguf", "{{ raise_exception('no') }}")))

    assert opened(addition).manifest.template.user_open == "<|im_start|>user\n"
    assert "TemplateError: no" in str(addition.warnings[-1])


@pytest.fixture
def seeing(tmp_path: Path) -> Path:
    """A folder with a model and what sees for it."""
    folder = tmp_path / "seeing"
    folder.mkdir()
    making.talker(folder / "talker.gguf")
    making.mmproj(folder / "eyes.gguf")
    return folder


@pytest.mark.parametrize("named", ["", "talker.gguf"])
def test_what_sees_for_a_model_is_found_beside_it_by_its_width(
    data: Path, seeing: Path, named: str
) -> None:
    addition = add(wanted(seeing / named if named else seeing))

    manifest = opened(addition).manifest
    assert manifest.media_embedder is not None
    assert manifest.media_embedder.modalities == ("image",)
    assert (data / "bundles" / "talker" / manifest.media_embedder.file).samefile(
        seeing / "eyes.gguf"
    )


def test_two_that_fit_are_left_to_the_person(data: Path, seeing: Path) -> None:
    other = making.mmproj(seeing / "other.gguf")

    with pytest.raises(SeveralFitError):
        wanted(seeing / "talker.gguf")

    one = wanted(seeing / "talker.gguf", other)
    assert one.embedder is not None and one.embedder.path == other


def test_one_that_fits_another_model_there_too_is_left_out_and_that_is_said(
    data: Path, seeing: Path
) -> None:
    making.talker(seeing / "second.gguf")

    one = wanted(seeing / "talker.gguf")

    assert one.embedder is None
    assert "eyes.gguf beside it fits second.gguf as well" in str(one.warnings[0])


def test_what_sees_is_no_model_by_itself(data: Path, seeing: Path) -> None:
    (seeing / "talker.gguf").unlink()

    with pytest.raises(KnownError, match="as --mmproj"):
        wanted(seeing / "eyes.gguf")


def test_a_folder_with_several_asks_for_one(data: Path, tmp_path: Path) -> None:
    making.talker(tmp_path / "a.gguf")
    making.talker(tmp_path / "b.gguf", name="Other")

    with pytest.raises(KnownError, match=r"found 2: a\.gguf, b\.gguf"):
        wanted(tmp_path)


def test_the_same_file_is_added_once(data: Path, own_gguf: Path) -> None:
    add(wanted(own_gguf))

    with pytest.raises(KnownError, match="was added as tiny-chat-f16"):
        add(wanted(own_gguf), "second")


def test_stopping_it_adds_nothing(data: Path, own_gguf: Path) -> None:
    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        add(wanted(own_gguf), tell=stop)

    assert bundles() == [] and added.added() == []


def test_a_note_that_cannot_be_written_leaves_no_bundle(data: Path, own_gguf: Path) -> None:
    (data / "added" / "tiny-chat-f16.toml").mkdir(parents=True)

    with pytest.raises(KnownError, match="its note written"):
        add(wanted(own_gguf))

    assert bundles() == []
    assert {one.name for one in (data / "added").iterdir()} == {".locks", "tiny-chat-f16.toml"}


def test_a_list_that_cannot_be_written_is_told(data: Path, own_gguf: Path) -> None:
    data.mkdir(parents=True)
    (data / "added").write_text("a file in the folder's place")

    with pytest.raises(KnownError, match="expected a folder that can be written at"):
        add(wanted(own_gguf))

    assert bundles() == []


def test_of_those_who_want_a_name_at_once_one_gets_it(
    data: Path, own_gguf: Path, tmp_path: Path
) -> None:
    those = [own_gguf, *(making.whisper(tmp_path / f"ears-{number}") for number in range(3))]

    def attempt(path: Path) -> str:
        try:
            return add(wanted(path), "mine", how="copy").model.name
        except KnownError as error:
            return str(error)

    with ThreadPoolExecutor(len(those)) as threads:
        said = sorted(threads.map(attempt, those))

    assert said[0] == "mine" and all("expected one that is free" in one for one in said[1:])
    (model,) = added.added()
    assert model.name == "mine" and added.problem(model) is None
    assert bundles() == (["mine"] if model.purpose == "talk" else [])


def test_ears_and_a_voice_are_used_from_their_folders(data: Path, tmp_path: Path) -> None:
    ears = add(wanted(making.whisper(tmp_path / "My Whisper")))
    voice = add(wanted(making.kokoro(tmp_path / "voices-of-mine")))

    assert (ears.bundle, voice.bundle) == (None, None)
    assert [one.name for one in store.installed("hear")] == ["my-whisper"]
    chosen = store.chosen("speak", "voices-of-mine")
    assert chosen is not None and chosen.folder == tmp_path / "voices-of-mine"
    assert store.installed("talk") == []


def test_ears_whose_files_are_gone_are_not_offered_and_say_what_became_of_them(
    data: Path, tmp_path: Path
) -> None:
    model = add(wanted(making.whisper(tmp_path / "ears"))).model
    (tmp_path / "ears" / "tokenizer.json").unlink()

    assert store.installed("hear") == []
    assert "tokenizer.json is gone" in str(added.problem(model))


def test_a_copy_is_whole_without_the_persons_folder(data: Path, tmp_path: Path) -> None:
    folder = making.whisper(tmp_path / "ears")

    model = add(wanted(folder), how="copy").model

    assert model.is_copy and Path(model.path) == data / "added" / "ears"
    assert added.problem(model) is None
    added.forget("ears")
    assert not (data / "added" / "ears").exists()
    assert (folder / "model.bin").is_file()


def test_forgetting_one_never_touches_the_persons_files(data: Path, tmp_path: Path) -> None:
    folder = making.whisper(tmp_path / "ears")
    add(wanted(folder))

    added.forget("ears")

    assert added.added() == []
    assert sorted(os.listdir(folder)) == [
        "config.json", "model.bin", "tokenizer.json", "vocabulary.json",
    ]  # fmt: skip


def test_what_other_programs_have_is_added_with_what_belongs_to_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "home" / ".lmstudio" / "models" / "maker" / "Tiny-GGUF"
    folder.mkdir(parents=True)
    making.talker(folder / "Tiny-Q4.gguf")
    making.mmproj(folder / "mmproj-Tiny.gguf")
    monkeypatch.setenv("MEDLEY_PROGRAMS_HOME", str(tmp_path / "home"))
    (program,) = find_programs()

    (one,) = of_program(program)
    addition = add(one)

    assert addition.model.name == "tiny-q4"
    assert addition.embedder is not None
    with pytest.raises(KnownError, match="expected its model 'Other', found Tiny Talker"):
        list(of_program(program, "Other"))


def test_of_several_that_fit_what_another_program_has_none_is_taken_and_it_goes_on(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "home" / ".lmstudio" / "models" / "maker" / "Tiny-GGUF"
    folder.mkdir(parents=True)
    making.talker(folder / "Tiny-Q4.gguf")
    eyes = making.mmproj(folder / "mmproj-Tiny.gguf")
    making.mmproj(folder / "mmproj-Other.gguf")
    monkeypatch.setenv("MEDLEY_PROGRAMS_HOME", str(tmp_path / "home"))
    (program,) = find_programs()

    (one,) = of_program(program)
    assert one.embedder is None
    (warning,) = add(one).warnings
    assert "2 files (mmproj) fit" in str(warning) and str(eyes) in str(warning)
    assert "--mmproj" in str(warning)

    (named,) = of_program(program, one.found.title, eyes)
    assert named.embedder is not None and named.embedder.path == eyes
    assert named.warnings == ()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Qwen3-4B-Q4_K_M.gguf", "Qwen3-4B-Q4_K_M"),
        ("Big-00001-of-00003.gguf", "Big"),
        ("model.gguf", "Tiny Talker"),
        ("ggml-model.gguf", "Tiny Talker"),
        (f"sha256-{'ab' * 32}", "Tiny Talker"),
    ],
)
def test_a_model_is_called_by_its_file_where_that_says_something(
    tmp_path: Path, file: str, name: str
) -> None:
    found = wanted(making.talker(tmp_path / "x.gguf")).found
    from dataclasses import replace

    assert adding.plain_name(replace(found, path=tmp_path / file)) == name
