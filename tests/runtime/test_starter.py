"""The starter's bundle follows the models that are installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime import starter
from runtime.bundle.bundle import AUTOMATIC, Bundle, bundle_roots, find_bundle
from runtime.catalogue.entry import named
from runtime.catalogue.staging import Staging
from runtime.catalogue.store import remove
from runtime.opening import open_bundle
from tests import tiny_llama
from tests.runtime.catalogue.world import World, hub, one_file


@pytest.fixture
def talker(world: World, tmp_path: Path) -> Path:
    """A small language model that was installed from a catalogue; its file."""
    made = tmp_path / "made.gguf"
    tiny_llama.write_gguf(tiny_llama.scripted_llama(tiny_llama.ids("a red boat now")), made)
    return install(world, "chatty", made.read_bytes())


def install(world: World, name: str, data: bytes) -> Path:
    world.entry(name, [one_file("model.gguf", data, hub(name))], purpose="talk")
    staging = Staging(named(name))
    (file,) = staging.missing()
    part = staging.parts / "part"
    part.write_bytes(data)
    staging.accept(file, part, file.sha256, "the test")
    staging.commit()
    return starter.store.folder(name) / "model.gguf"


def test_it_is_composed_by_links_and_opens_like_every_bundle(talker: Path) -> None:
    folder = starter.compose()
    assert folder == bundle_roots()[-1] / "starter"
    assert folder is not None
    bundle = Bundle.open(folder)
    assert os.path.samefile(bundle.path("llm.gguf"), talker)
    assert bundle.modalities == ("text", "image", "audio", "video")
    assert bundle.manifest.signals["image"].settings["steps"] == 16
    assert {licence.part for licence in bundle.manifest.licences} == {"llm.gguf", "decoders"}


def test_nothing_is_written_where_it_is_as_it_should_be(talker: Path) -> None:
    folder = starter.compose()
    assert folder is not None
    before = (folder / "bundle.toml").stat()
    assert starter.compose() == folder
    assert (folder / "bundle.toml").stat().st_mtime_ns == before.st_mtime_ns


def test_a_bundle_of_an_older_recipe_is_composed_anew_when_it_is_opened(talker: Path) -> None:
    folder = starter.compose()
    assert folder is not None
    manifest = folder / "bundle.toml"
    manifest.write_text(manifest.read_text().replace('version = "1"', 'version = "0"'))
    assert open_bundle(AUTOMATIC).manifest.version == "1"


def test_a_file_that_was_damaged_is_put_back(talker: Path) -> None:
    folder = starter.compose()
    assert folder is not None
    (folder / "decoders" / "image" / "model_index.json").unlink()
    assert starter.compose() == folder
    Bundle.open(folder)


def test_without_a_model_to_talk_with_there_is_none_and_pocket_answers(talker: Path) -> None:
    starter.compose()
    assert find_bundle(AUTOMATIC).name == "starter"
    remove("chatty")
    assert starter.compose() is None
    assert find_bundle(AUTOMATIC).name == "pocket"


def test_a_file_that_is_no_language_model_is_refused_in_a_sentence(world: World) -> None:
    install(world, "broken", b"not a language model" * 100)
    with pytest.raises(KnownError, match="GGUF"):
        starter.compose()
    assert find_bundle(AUTOMATIC).name == "pocket"
