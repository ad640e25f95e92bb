"""The context that a bundle is opened with where not everything fits."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import FileSpec, LanguageModelSpec
from runtime.needs.bundle import bundle_needs
from runtime.needs.fit import TooLargeError, fit, least_context, table
from runtime.needs.places import Places
from tests.runtime.needs import shapes

GIB = 2**30


@pytest.fixture(scope="module")
def seven_b(tmp_path_factory: pytest.TempPathFactory, tiny_bundle: Bundle) -> Bundle:
    """The tiny bundle with a language model of the real shape, whose weights are holes."""
    folder = tmp_path_factory.mktemp("seven")
    path = shapes.write(folder / "llm.gguf", shapes.SEVEN_B)
    for entry in tiny_bundle.folder.iterdir():
        if entry.name != "llm.gguf":
            (folder / entry.name).symlink_to(entry)
    size = FileSpec("", path.stat().st_size)
    manifest = msgspec.structs.replace(
        tiny_bundle.manifest,
        language_model=LanguageModelSpec("llm.gguf", 4096, 32_038, 8192, max_new_tokens=768),
        files={**tiny_bundle.manifest.files, "llm.gguf": size},
    )
    return Bundle(manifest, folder)


def test_where_there_is_room_the_context_is_the_manifests(seven_b: Bundle) -> None:
    found = fit(seven_b, Places(16 * GIB))
    assert (found.n_ctx, found.notice) == (8192, None)
    assert found.pooled == found.model.total


def test_where_there_is_less_the_context_is_the_largest_that_leaves_room(seven_b: Bundle) -> None:
    budget = 7 * GIB
    found = fit(seven_b, Places(budget))
    beside = bundle_needs(seven_b).beside.ram
    assert 2048 < found.n_ctx < 8192
    assert found.model.total + beside <= budget < found.model.total + beside + GIB / 4
    assert str(found.n_ctx) in str(found.notice) and "8192" in str(found.notice)


def test_room_for_the_rest_yields_to_the_smallest_context(seven_b: Bundle) -> None:
    least = fit(seven_b, Places(16 * GIB))
    smallest = bundle_needs(seven_b, least_context(seven_b), free=0).part("language model")
    assert least.n_ctx > least_context(seven_b) == 1536
    assert smallest is not None
    assert fit(seven_b, Places(smallest.ram + 2**20)).n_ctx == 1536


def test_below_that_one_sentence_has_both_numbers(seven_b: Bundle) -> None:
    with pytest.raises(TooLargeError) as error:
        fit(seven_b, Places(3 * GIB))
    assert error.value.problem.kind == "memory"
    assert f"{error.value.size / 2**20:.0f} MiB" in str(error.value)
    assert "3072 MiB" in str(error.value) and "1536 at once" in str(error.value)


def test_the_table_shows_what_would_be_opened(seven_b: Bundle) -> None:
    found, needs = table(seven_b, Places(7 * GIB))
    part = needs.part("language model")
    assert found is not None and part is not None
    assert (needs.n_ctx, part.ram) == (found.n_ctx, found.model.total)
    found, needs = table(seven_b, Places(2 * GIB))
    assert found is None and needs.n_ctx == 1536


def card(vram: float, ram: float | None = None, *, offloads: bool = True) -> Places:
    """A machine with one card, that torch sees and llama.cpp may have been built for."""
    most = None if ram is None else int(ram * GIB)
    return Places(int(vram * GIB), "cuda:0", "CUDA0" if offloads else "", ram=most)


@pytest.mark.parametrize(
    ("places", "layers", "cache"),
    [
        (card(24), -1, "f16"),
        (card(7), -1, "q8_0"),
        (card(4), 20, "q8_0"),
        (card(1), 3, "q8_0"),
        (card(24, offloads=False), 0, "f16"),
    ],
)
def test_on_a_card_lie_as_many_layers_as_fit(
    seven_b: Bundle, places: Places, layers: int, cache: str
) -> None:
    found = fit(seven_b, places)
    assert (found.gpu_layers, found.cache) == (layers, cache)
    assert found.n_ctx == 8192
    assert found.pooled == found.model.vram <= places.budget
    assert (found.pooled == 0) == (found.gpu_layers == 0) == (found.card == "")


def test_a_llama_cpp_for_the_processor_takes_nothing_of_torchs_card(seven_b: Bundle) -> None:
    found = fit(seven_b, card(24, ram=7, offloads=False))
    assert (found.pooled, found.model.vram, found.gpu_layers) == (0, 0, 0)
    assert 2048 < found.n_ctx < 8192 and found.model.ram < 7 * GIB
    with pytest.raises(TooLargeError):
        fit(seven_b, card(24, ram=3, offloads=False))


def test_layers_that_stay_behind_have_the_machines_memory(seven_b: Bundle) -> None:
    roomy, tight = fit(seven_b, card(4, ram=16)), fit(seven_b, card(4, ram=2))
    assert roomy.n_ctx == 8192 > tight.n_ctx >= least_context(seven_b)
    assert tight.model.ram <= 2 * GIB < roomy.model.ram
    assert tight.notice is not None and roomy.notice is None


def test_a_card_that_torch_does_not_know_is_for_the_language_model_alone(seven_b: Bundle) -> None:
    places = Places(16 * GIB, card="Vulkan0", card_budget=12 * GIB)
    found = fit(seven_b, places)
    assert (found.gpu_layers, found.card) == (-1, "Vulkan0")
    assert found.pooled == found.model.ram < found.model.total < found.model.ram + found.model.vram


def test_one_memory_for_all_is_counted_once(seven_b: Bundle) -> None:
    found = fit(seven_b, Places(16 * GIB, "mps", "MTL0"))
    assert (found.gpu_layers, found.pooled) == (-1, found.model.total)
    shorter = fit(seven_b, Places(7 * GIB, "mps", "MTL0"))
    assert shorter.n_ctx < 8192 and shorter.pooled <= 7 * GIB


def test_the_table_of_a_card_shows_what_lies_there(seven_b: Bundle) -> None:
    found, needs = table(seven_b, card(4))
    part = needs.part("language model")
    assert found is not None and part is not None
    assert part.vram == found.pooled > 0 and needs.largest_turn.vram <= 4 * GIB


def test_a_small_bundle_keeps_its_whole_context(tiny_bundle: Bundle, tmp_path: Path) -> None:
    assert fit(tiny_bundle, Places(GIB)).n_ctx == least_context(tiny_bundle) == 512
