"""Which device torch and llama.cpp take; cards are fakes, for there is none here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from plugins.errors import KnownError
from runtime.components import devices
from runtime.language_model.device.cards import Card

GIB = 2**30
CUDA = (Card("CUDA0", "NVIDIA A", 20 * GIB, 24 * GIB), Card("CUDA1", "NVIDIA B", GIB, 8 * GIB))
VULKAN = (
    Card("Vulkan0", "Intel Graphics", 4 * GIB, 8 * GIB, integrated=True),
    Card("Vulkan1", "NVIDIA B", 6 * GIB, 8 * GIB),
    Card("Vulkan2", "NVIDIA A (proprietary)", 20 * GIB, 24 * GIB),
)
METAL = (Card("MTL0", "Apple M3", 10 * GIB, 12 * GIB),)

Machine = Callable[..., None]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Have torch see these cards, and llama.cpp those."""

    def seen(*names: str, llama: tuple[Card, ...] = (), mps: bool = False) -> None:
        cuda = torch.cuda
        monkeypatch.setattr(cuda, "device_count", lambda: len(names))
        monkeypatch.setattr(
            cuda, "get_device_name", lambda device: names[int(str(device).split(":")[-1])]
        )
        monkeypatch.setattr(cuda, "mem_get_info", lambda device: (20 * GIB, 24 * GIB))
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 12 * GIB)
        monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 2 * GIB)
        monkeypatch.setattr(devices, "cards", lambda: llama)
        monkeypatch.setattr(devices.needs, "available_bytes", lambda: 16 * GIB)

    return seen


def test_the_best_device_is_taken_unless_one_is_named(machine: Machine) -> None:
    machine("A", "B")
    assert devices.known_devices() == ("cuda:0", "cuda:1", "cpu")
    wishes = ("auto", "cuda", "cuda:1", "cpu")
    assert [*map(devices.choose_device, wishes)] == ["cuda:0", "cuda:0", "cuda:1", "cpu"]
    machine(mps=True)
    assert devices.choose_device("auto") == devices.choose_device("mps") == "mps"
    machine()
    assert devices.choose_device("auto") == "cpu"


@pytest.mark.parametrize("wish", ["cuda", "cuda:1", "mps", "tpu"])
def test_a_device_that_is_not_here_is_one_sentence_with_those_that_are(
    wish: str, machine: Machine
) -> None:
    machine()
    with pytest.raises(KnownError, match="expected auto, cpu on this machine") as error:
        devices.choose_device(wish)
    assert error.value.problem.kind == "device" and repr(wish) in str(error.value)


def test_torch_on_a_card_beside_a_llama_cpp_for_the_processor(machine: Machine) -> None:
    machine("NVIDIA A")
    found = devices.places("auto", "cuda:0")
    assert (found.device, found.card, found.shared) == ("cuda:0", "", False)
    assert (found.budget, found.ram) == (18 * GIB, int(16 * GIB * 0.8))


def test_both_on_one_card_share_its_budget(machine: Machine) -> None:
    machine("NVIDIA A", "NVIDIA B", llama=CUDA)
    found = devices.places("cuda:1", "cuda:1", 6 * GIB)
    assert (found.card, found.card_budget, found.budget) == ("CUDA1", None, 6 * GIB)


@pytest.mark.parametrize(("device", "card"), [("cuda:0", "Vulkan2"), ("cuda:1", "Vulkan1")])
def test_another_driver_counts_otherwise_and_is_known_by_the_cards_name(
    device: str, card: str, machine: Machine
) -> None:
    machine("NVIDIA A", "NVIDIA B", llama=VULKAN)
    assert devices.places("auto", device).card == card


def test_cards_that_cannot_be_told_apart_are_left_alone(machine: Machine) -> None:
    machine("NVIDIA B", "NVIDIA B", llama=VULKAN)
    assert devices.places("auto", "cuda:1").card == ""
    twins = tuple(Card(f"Vulkan{n}", "NVIDIA B", GIB, GIB) for n in range(2))
    machine("NVIDIA B", "NVIDIA B", llama=twins)
    assert devices.places("auto", "cuda:1").card == "Vulkan1"


def test_a_card_that_only_llama_cpp_knows_is_for_it_unless_the_processor_is_wished(
    machine: Machine,
) -> None:
    machine(llama=VULKAN)
    found = devices.places("auto", "cpu")
    assert (found.device, found.card, found.card_budget) == ("cpu", "Vulkan1", int(5.4 * GIB))
    assert found.ram is None and found.budget == int(16 * GIB * 0.8)
    assert devices.places("cpu", "cpu").card == ""


def test_apples_chips_have_one_memory(machine: Machine) -> None:
    machine(llama=METAL, mps=True)
    found = devices.places("auto", "mps")
    assert (found.card, found.unified, found.shared) == ("MTL0", True, True)
    assert found.budget == 8 * GIB and found.ram is None


def test_what_there_is_can_be_asked_of_this_machine() -> None:
    found = devices.found()
    assert len(found.torch_cards) == len(devices.known_devices()) - 1
    assert isinstance(found.driver, bool) and isinstance(found.render_nodes, bool)
