"""What lies where in one engine, and that a small budget is never exceeded."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.bundle.bundle import Bundle
from runtime.components import devices
from runtime.components.memories import LANGUAGE_MODEL, Memories
from runtime.engine import Engine
from runtime.messages import ArtifactReady, MediaPart, Message, TextPart, Turn, TurnDone
from runtime.needs import bundle_needs
from runtime.needs.fit import fit
from runtime.needs.places import Places

GIB = 2**30


def test_every_modality_comes_in_and_goes_out_within_a_budget_for_one_at_a_time(
    tiny_bundle: Bundle, media: dict[str, Path]
) -> None:
    budget = fit(tiny_bundle, Places(GIB)).pooled + bundle_needs(tiny_bundle).beside.ram
    assert budget < bundle_needs(tiny_bundle).at_once.ram
    parts = (*(MediaPart(kind, path) for kind, path in media.items()), TextPart("what?"))
    with Engine(tiny_bundle, device="cpu", threads=1, memory_budget=budget) as engine:
        events = list(engine.answer(Turn((Message("user", parts),))))
        assert 0 < engine.memory.peak <= budget
    assert isinstance(events[-1], TurnDone)
    made = {event.modality for event in events if isinstance(event, ArtifactReady)}
    assert made == {"image", "audio", "video"}


@pytest.fixture
def memories(tiny_bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Memories:
    """Those of an engine on a card; nothing is loaded there, for there is none."""
    monkeypatch.setattr(devices, "choose_device", lambda wish: "cuda:0")
    return Memories(tiny_bundle, None)


def test_a_language_model_beside_the_card_costs_the_card_nothing(
    memories: Memories, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(GIB, "cuda:0", ram=GIB)
    monkeypatch.setattr(devices, "places", lambda *_: places)
    assert memories.start("auto") is memories.start("cpu") is places
    model = memories.load_model(places, 1, lambda _: None)
    residents = {resident.key: resident.size for resident in memories.device.residents()}
    assert residents == {LANGUAGE_MODEL: 0}
    assert memories.device.budget == GIB and memories.host.budget is not None
    assert GIB // 2 < memories.host.budget < GIB
    assert memories.llama is memories.host is not memories.device
    model.close()
    memories.clear()


def test_on_the_processor_there_is_one_memory(tiny_bundle: Bundle) -> None:
    memories = Memories(tiny_bundle, GIB)
    places = memories.start("cpu")
    assert (places.device, places.card, places.budget) == ("cpu", "", GIB)
    assert memories.host is memories.llama is memories.device
    with memories.renderer("image", {}).lease("unet", object, 10):
        small = memories.device.used
    with memories.renderer("image", {"width": 1024, "height": 1024}).lease("unet", object, 10):
        assert 10 < small < memories.device.used
