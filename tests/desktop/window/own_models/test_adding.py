"""A model is dropped on a real window, added, chosen, and answers; or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl

from desktop.window import sentences
from runtime.bundle.bundle import list_bundles
from runtime.catalogue import added
from tests.desktop.window.driver import Driver
from tests.desktop.window.own_models.conftest import own, state, workers
from tests.desktop.window.test_dropping import _drop
from tests.runtime.local_models import making

pytestmark = pytest.mark.usefixtures("untested")


def drop(driver: Driver, *paths: Path) -> None:
    """Let files go over the window."""
    _drop(driver, QPoint(600, 300), *(QUrl.fromLocalFile(str(path)) for path in paths))


def problems(driver: Driver) -> list[str]:
    """What is said against the files that were given."""
    driver.until(lambda: driver.items("addProblem"))
    return [str(item.property("text")) for item in driver.items("addProblem")]


def bundles() -> list[str]:
    return [entry.name for entry in list_bundles() if entry.name != "pocket"]


def test_a_model_is_dropped_added_chosen_and_answers(window: Driver, own_gguf: Path) -> None:
    drop(window, own_gguf)
    assert window.item("candidateTitle").property("text") == "tiny"
    assert "Talks" in str(window.item("candidateFacts").property("text"))
    assert not window.medley.composer_model.attachments_model.rows

    window.click("addModel")
    window.until(lambda: state(window) == "added")
    window.click("useHere")

    window.until(lambda: window.medley.picker_model.property("title") == "tiny")
    window.until(lambda: not window.items("candidateCard"))
    window.ask("What do you see?")
    window.answered()
    assert window.status() == "complete"
    assert "a red boat" in " ".join(block.plain for block in window.blocks())
    assert own_gguf.is_file()


def test_the_keyboard_alone_names_and_adds(window: Driver, own_gguf: Path) -> None:
    drop(window, own_gguf)
    window.item("modelName").forceActiveFocus()
    window.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    window.type("modelName", "mine")
    window.press(Qt.Key.Key_Return)

    window.until(lambda: state(window) == "added")
    assert bundles() == ["mine"]
    found = added.find("mine")
    assert found is not None and found.path == str(own_gguf)


def test_a_name_that_cannot_be_used_is_told_while_it_is_typed(
    window: Driver, own_gguf: Path
) -> None:
    drop(window, own_gguf)
    window.type("modelName", " ")

    window.until(lambda: window.items("nameProblem"))
    assert "letters, digits" in str(window.item("nameProblem").property("text"))
    assert not window.item("addModel").property("enabled")

    window.press(Qt.Key.Key_Backspace)
    window.until(lambda: window.item("addModel").property("enabled"))


@pytest.mark.parametrize(("language", "words"), [("en", "a web page"), ("zh_CN", "网页")])
def test_a_wrong_file_is_told_in_the_persons_language(
    window: Driver, tmp_path: Path, language: str, words: str
) -> None:
    window.medley.settings_model.setProperty("language", language)
    wrong = tmp_path / "model.gguf"
    wrong.write_text("<!DOCTYPE html><html></html>")
    try:
        drop(window, wrong)

        assert words in problems(window)[0]
    finally:
        sentences.use("en")
    window.until(lambda: state(window) == "failed")
    assert not window.items("addModel")


def test_a_folder_of_what_is_no_model_says_so_and_media_beside_it_are_attached(
    window: Driver, tmp_path: Path, media: dict[str, Path]
) -> None:
    folder = tmp_path / "spoiled"
    folder.mkdir()
    (folder / "talker.gguf").write_bytes(b"no model")

    drop(window, folder, media["image"])

    assert "talker.gguf" in problems(window)[0]
    chips = window.medley.composer_model.attachments_model.rows
    assert [chip.name for chip in chips] == [media["image"].name]


def test_a_model_that_was_added_before_is_used_and_not_added_again(
    window: Driver, own_gguf: Path
) -> None:
    drop(window, own_gguf)
    window.click("addModel")
    window.until(lambda: state(window) == "added")

    drop(window, own_gguf)
    window.until(lambda: window.items("knownAs"))

    assert "tiny-chat-f16" in str(window.item("knownAs").property("text"))
    assert not window.items("addModel")
    window.click("useKnown")
    window.until(lambda: window.medley.picker_model.property("title") == "tiny")


def test_one_of_several_models_in_a_folder_is_chosen(window: Driver, own_gguf: Path) -> None:
    making.talker(own_gguf.with_name("other.gguf"))

    drop(window, own_gguf.parent)
    window.until(lambda: state(window) == "found")

    adding = own(window).adding_view
    titles = list(adding.property("titles"))
    assert sorted(titles) == ["Tiny Talker", "tiny"]
    adding.choose(titles.index("tiny"))
    assert adding.property("name") == "tiny-chat-f16"
    window.click("addModel")
    window.until(lambda: state(window) == "added")
    window.click("addAnother")
    assert list(adding.property("titles")) == ["Tiny Talker"]


def test_a_decoder_is_added_and_composed_with(window: Driver, pictures: Path) -> None:
    drop(window, pictures)
    window.until(lambda: state(window) == "found")
    window.click("addModel")
    window.until(lambda: state(window) == "added")

    found = added.find("tiny-sd")
    assert found is not None and found.purpose == "image"
    assert bundles() == []
    assert not window.items("useHere")
    options = own(window).making_view
    window.until(lambda: options.property("options")["image"])
    assert options.property("options")["image"][0]["value"] == "tiny-sd"


def test_a_person_says_which_eyes_belong_to_a_model(window: Driver, tmp_path: Path) -> None:
    from tests import tiny_mmproj

    pair = tiny_mmproj.write_pair(tmp_path, "llava")
    (tmp_path / "second-mmproj.gguf").write_bytes(pair.mmproj.read_bytes())

    drop(window, pair.model)
    window.until(lambda: state(window) == "found")

    adding = own(window).adding_view
    assert adding.property("facts")["asks"]
    assert adding.property("eyes") == ""
    adding.setProperty("eyes", str(tmp_path / "second-mmproj.gguf"))
    assert adding.property("facts")["sees"]
    window.click("addModel")
    window.until(lambda: state(window) in ("added", "failed"))
    assert state(window) == "added", adding.property("problems")
    from runtime.bundle.bundle import find_bundle, read_manifest

    manifest = read_manifest(find_bundle(adding.property("outcome")["name"]))
    assert manifest.media_embedder is not None


def test_stopping_in_the_middle_leaves_nothing(window: Driver, own_gguf: Path, data: Path) -> None:
    drop(window, own_gguf)
    window.click("addModel")
    window.until(lambda: list(workers()))
    for worker in workers():
        worker.suspend()
    own(window).adding_view.cancel()
    for worker in workers():
        worker.resume()

    window.until(lambda: state(window) == "found")
    assert bundles() == []
    assert added.added() == []
    assert [path for path in (data / "bundles").glob(".*~*")] == []
    window.click("addModel")
    window.until(lambda: state(window) == "added")


def test_the_end_of_the_process_is_told_and_it_goes_again(window: Driver, own_gguf: Path) -> None:
    drop(window, own_gguf)
    window.click("addModel")
    window.until(lambda: list(workers()))
    for worker in workers():
        worker.kill()

    assert "ended" in problems(window)[0]
    assert bundles() == []
    window.click("addModel")
    window.until(lambda: state(window) == "added")
    assert bundles() == ["tiny-chat-f16"]


def test_the_window_closes_while_a_model_is_added(window: Driver, own_gguf: Path) -> None:
    drop(window, own_gguf)
    window.click("addModel")
    window.until(lambda: list(workers()))

    window.window.close()

    assert list(workers()) == []


def test_a_path_that_is_not_utf_8_is_told(window: Driver, tmp_path: Path) -> None:
    import os

    odd = Path(os.fsdecode(os.fsencode(tmp_path) + "/模型.gguf".encode("gbk")))
    odd.write_bytes(b"GGUF")

    window.medley.composer_model.attach([odd])

    assert "模型.gguf" in problems(window)[0] and "UTF-8" in problems(window)[0]
