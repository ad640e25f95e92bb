"""One sentence each: what torch sees, what llama.cpp was built for, what would make it better."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.cli.printing.devices import advice, as_json, device_lines
from runtime.components.devices import Found

CARD = ("NVIDIA GeForce RTX 4070",)
BARE = Found("", (), (), (), driver=False, render_nodes=False)
TORCH = replace(BARE, torch_for="CUDA 13.0", torch_cards=CARD, driver=True, render_nodes=True)
BOTH = replace(TORCH, llama_for=("CUDA",), llama_cards=CARD)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (BARE, "none is needed"),
        (BOTH, "nothing to be done"),
        (TORCH, "the language model runs on the processor: `make run CUDA=1`"),
        (replace(TORCH, torch_for="ROCm 6.4"), "`make run VULKAN=1`"),
        (replace(BOTH, llama_cards=()), "llama.cpp for CUDA finds no card here"),
        (replace(TORCH, torch_cards=()), "update the driver"),
        (replace(BARE, driver=True), "install a torch for CUDA"),
        (replace(BARE, llama_for=("Vulkan",), llama_cards=("AMD",)), "made on the processor"),
        (replace(BARE, render_nodes=True), "`make run VULKAN=1` lets the language model"),
    ],
)
def test_what_would_make_it_better_is_one_sentence(found: Found, said: str) -> None:
    assert said in advice(found)
    assert advice(found).endswith(".") and ". " not in advice(found).replace("llama.cpp", "")


def test_each_library_says_what_it_sees() -> None:
    assert device_lines(BOTH)["torch"] == "sees NVIDIA GeForce RTX 4070"
    assert device_lines(BOTH)["llama.cpp"].startswith("was built for CUDA and sees NVIDIA")
    assert device_lines(BARE)["torch"] == "was built for the processor"
    assert device_lines(replace(TORCH, torch_cards=()))["torch"].endswith("and sees no card")
    assert as_json(BARE)["said"]["llama.cpp"] == "was built for the processor"
