"""What is shipped: whole, small, licensed, and open about its limits."""

from __future__ import annotations

from runtime.bundle.bundle import Bundle
from runtime.components.verify import verify_bundle

MOST_BYTES = 60_000_000


def test_all_files_together_stay_under_60_megabytes(pocket: Bundle) -> None:
    on_disk = sum(file.stat().st_size for file in pocket.folder.rglob("*") if file.is_file())

    assert on_disk <= MOST_BYTES


def test_every_file_and_every_part_is_sound(pocket: Bundle) -> None:
    report = verify_bundle(pocket.folder)

    assert [line for line in report.lines if line.problem] == []
    parts = {line.what for line in report.lines} - pocket.manifest.files.keys()
    assert {"language model", "encoder", "decoder image", "decoder audio", "decoder video"} <= parts


def test_it_answers_in_everything(pocket: Bundle) -> None:
    assert pocket.modalities == ("text", "image", "audio", "video")
    assert pocket.manifest.routing == "projected"


def test_licences_and_limits_are_said(pocket: Bundle) -> None:
    manifest = pocket.manifest

    assert {licence.spdx for licence in manifest.licences} == {"Apache-2.0"}
    assert all(licence.part and licence.source for licence in manifest.licences)
    assert "does not know the world outside" in manifest.limits
    assert manifest.examples
