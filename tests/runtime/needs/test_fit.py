"""The context that a bundle is opened with where not everything fits."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import FileSpec, LanguageModelSpec
from runtime.needs.bundle import bundle_needs
from runtime.needs.fit import TooLargeError, default_budget, fit, least_context, table
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
    found = fit(seven_b, 16 * GIB)
    assert (found.n_ctx, found.notice) == (8192, None)
    assert found.pooled == found.model.total


def test_where_there_is_less_the_context_is_the_largest_that_leaves_room(seven_b: Bundle) -> None:
    budget = 7 * GIB
    found = fit(seven_b, budget)
    beside = bundle_needs(seven_b).beside.ram
    assert 2048 < found.n_ctx < 8192
    assert found.model.total + beside <= budget < found.model.total + beside + GIB / 4
    assert str(found.n_ctx) in str(found.notice) and "8192" in str(found.notice)


def test_room_for_the_rest_yields_to_the_smallest_context(seven_b: Bundle) -> None:
    least = fit(seven_b, 16 * GIB)
    smallest = bundle_needs(seven_b, least_context(seven_b), free=0).part("language model")
    assert least.n_ctx > least_context(seven_b) == 1536
    assert smallest is not None
    assert fit(seven_b, smallest.ram + 2**20).n_ctx == 1536


def test_below_that_one_sentence_has_both_numbers(seven_b: Bundle) -> None:
    with pytest.raises(TooLargeError) as error:
        fit(seven_b, 3 * GIB)
    assert error.value.problem.kind == "memory"
    assert f"{error.value.size / 2**20:.0f} MiB" in str(error.value)
    assert "3072 MiB" in str(error.value) and "1536 at once" in str(error.value)


def test_the_table_shows_what_would_be_opened(seven_b: Bundle) -> None:
    found, needs = table(seven_b, 7 * GIB)
    part = needs.part("language model")
    assert found is not None and part is not None
    assert (needs.n_ctx, part.ram) == (found.n_ctx, found.model.total)
    found, needs = table(seven_b, 2 * GIB)
    assert found is None and needs.n_ctx == 1536


@pytest.mark.parametrize(
    ("vram", "offloads", "layers"), [(24, True, -1), (4, True, 15), (1, True, 2), (24, False, 0)]
)
def test_on_a_card_lie_as_many_layers_as_fit(
    seven_b: Bundle, vram: int, offloads: bool, layers: int
) -> None:
    found = fit(seven_b, vram * GIB, "cuda:0", offloads=offloads)
    assert found.gpu_layers == layers
    assert found.n_ctx == 8192
    assert found.pooled == found.model.vram <= vram * GIB
    assert (found.pooled == 0) == (found.gpu_layers == 0)


def test_without_a_wish_the_budget_is_most_of_what_is_free() -> None:
    assert default_budget(10 * GIB, "cpu") == 8 * GIB
    assert default_budget(10 * GIB, "cuda:0") == 9 * GIB


def test_a_small_bundle_keeps_its_whole_context(tiny_bundle: Bundle, tmp_path: Path) -> None:
    assert fit(tiny_bundle, GIB).n_ctx == least_context(tiny_bundle) == 512
