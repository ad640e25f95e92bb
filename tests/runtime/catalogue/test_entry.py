"""The catalogue that comes with Medley, and how names become entries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli_w

from plugins.errors import KnownError
from runtime.catalogue import entry as catalogue
from runtime.catalogue.entry import Hub, NpmPart, WheelParts, archive_of, chosen, entries, groups
from tests.runtime.catalogue.world import World, hub, noise, one_file

SHA = re.compile(r"[0-9a-f]{64}")


def test_every_purpose_of_the_starter_is_served() -> None:
    for group in groups().values():
        served = {entries()[member].purpose for member in group.members}
        assert served == {"talk", "hear", "notice", "see", "speak", "read"}


def test_every_file_and_package_is_pinned_by_its_hash() -> None:
    for entry in entries().values():
        for file in entry.files:
            assert SHA.fullmatch(file.sha256)
            assert file.bytes > 0
        for archive in entry.archives.values():
            assert SHA.fullmatch(archive.sha256)


def test_the_official_place_stands_first_and_names_a_commit() -> None:
    for entry in entries().values():
        for file in entry.files:
            kinds = [type(source) for source in file.sources]
            if Hub in kinds:
                assert kinds.index(Hub) == 0
            for source in file.sources:
                if isinstance(source, Hub):
                    assert re.fullmatch(r"[0-9a-f]{40}", source.revision)


def test_every_package_is_used_and_every_licence_is_whole() -> None:
    for entry in entries().values():
        used = {
            archive_of(part)
            for file in entry.files
            for source in file.sources
            for part in _parts(source)
        }
        assert used == entry.archives.keys()
        for licence in entry.licences:
            text = (catalogue.licences_folder() / licence.text).read_text("utf-8")
            assert len(text) > 1000
            assert licence.notice


def test_no_part_of_the_starter_is_under_the_gpl() -> None:
    found = {licence.spdx for entry in entries().values() for licence in entry.licences}

    assert found == {"Apache-2.0", "BSD-2-Clause", "MIT"}


def test_the_starter_is_the_large_one_where_memory_is_free() -> None:
    large = chosen(("starter",), lambda _name: False, free_memory=6_000_000_000)
    small = chosen(("starter",), lambda _name: False, free_memory=3_000_000_000)

    assert "qwen2.5-coder-1.5b" in [entry.name for entry in large]
    assert [entry.name for entry in small][:2] == ["qwen2.5-coder-0.5b", "whisper-tiny.en"]


def test_a_starter_that_is_here_stays_the_large_one_when_memory_is_short() -> None:
    found = chosen(("starter",), lambda _name: True, free_memory=0)

    assert "qwen2.5-coder-1.5b" in [entry.name for entry in found]


def test_names_and_groups_mix_and_nothing_is_meant_twice() -> None:
    names = [
        entry.name
        for entry in chosen(("whisper-base", "starter"), lambda _name: False, 8_000_000_000)
    ]

    assert names[0] == "whisper-base"
    assert len(names) == len(set(names))


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(KnownError, match=r"Did you mean whisper-base\?"):
        catalogue.named("whisper-bsae")


@pytest.mark.parametrize("path", ["../model.bin", "/model.bin", "a/../b", "", ".", "a\\b", "C:b"])
def test_an_entry_whose_file_leaves_its_folder_is_refused(world: World, path: str) -> None:
    world.entry("escape", [one_file(path, noise(10), hub("escape"))])

    with pytest.raises(KnownError, match="leaves the model's folder"):
        entries()


def test_an_entry_that_does_not_fit_is_named(world: World) -> None:
    path = world.catalogue / "entries" / "odd.toml"
    path.write_text(tomli_w.dumps({"name": "odd"}))

    with pytest.raises(KnownError, match=r"odd\.toml: expected an entry of the catalogue"):
        entries()


def test_the_catalogues_files_are_in_the_package() -> None:
    folder = Path(catalogue.__file__).parent

    assert catalogue.catalogue_folder() == folder
    assert {path.stem for path in (folder / "entries").iterdir()} == entries().keys()


def _parts(source: object) -> tuple[str, ...]:
    if isinstance(source, WheelParts):
        return source.parts
    return (source.part,) if isinstance(source, NpmPart) else ()
