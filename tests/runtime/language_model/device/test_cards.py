"""ggml's list of graphics cards; a list with cards in it is a fake, for there is none here."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from plugins.errors import KnownError
from runtime.language_model.device import cards
from runtime.language_model.device.library import start_llama

GIB = 2**30
DEVICES = {
    1: ("CUDA0", "NVIDIA GeForce RTX 4070", 1, 10 * GIB, 12 * GIB),
    2: ("Vulkan1", "Intel Graphics", 2, 4 * GIB, 8 * GIB),
    3: ("CPU", "A processor", 0, 1, 2),
}


class Ggml:
    """A ggml that was built for cards and finds two."""

    def ggml_backend_dev_count(self) -> int:
        return len(DEVICES)

    def ggml_backend_dev_get(self, number: int) -> int:
        return number + 1

    def ggml_backend_dev_by_name(self, name: bytes) -> int | None:
        return next((key for key, device in DEVICES.items() if device[0] == name.decode()), None)

    def ggml_backend_dev_name(self, device: int) -> bytes:
        return DEVICES[device][0].encode()

    def ggml_backend_dev_description(self, device: int) -> bytes:
        return DEVICES[device][1].encode()

    def ggml_backend_dev_type(self, device: int) -> int:
        return DEVICES[device][2]

    def ggml_backend_dev_memory(self, device: int, free: Any, total: Any) -> None:
        free._obj.value, total._obj.value = DEVICES[device][3:]


@pytest.fixture
def ggml(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a card and a chip that draws."""
    monkeypatch.setattr(cards, "_library", Ggml)


def test_the_real_list_can_be_read() -> None:
    start_llama()
    assert all(card.total >= card.free for card in cards.cards())
    assert "CPU" not in cards.backends()


@pytest.mark.usefixtures("ggml")
def test_cards_are_told_with_their_memory_and_the_processor_is_none() -> None:
    assert cards.cards() == (
        cards.Card("CUDA0", "NVIDIA GeForce RTX 4070", 10 * GIB, 12 * GIB),
        cards.Card("Vulkan1", "Intel Graphics", 4 * GIB, 8 * GIB, integrated=True),
    )


@pytest.mark.usefixtures("ggml")
def test_a_chosen_card_is_the_only_one_in_a_list_that_ends() -> None:
    listed = cards.chosen("Vulkan1")
    assert (len(listed), listed[0], listed[1]) == (2, 2, None)


def test_no_card_is_a_list_of_none() -> None:
    assert list(cards.chosen("")) == [None]
    assert ctypes.sizeof(cards.chosen("")) == ctypes.sizeof(ctypes.c_void_p)


def test_a_card_that_is_gone_is_named() -> None:
    start_llama()
    with pytest.raises(KnownError, match="graphics card CUDA7") as error:
        cards.chosen("CUDA7")
    assert error.value.problem.kind == "device"
