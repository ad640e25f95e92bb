"""What takes in pictures and sounds belongs to a model by its width, whatever its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.local_models.found import EmbedderFacts, FoundModel, NotAModelError
from runtime.local_models.identify import identify
from runtime.local_models.pairing import SeveralFitError, checked_pair, fits, fitting, pair
from tests.runtime.local_models import making


def models(folder: Path) -> dict[str, FoundModel]:
    return {one.path.stem: one for one in identify(folder)}


def test_the_width_decides_and_not_the_name(tmp_path: Path) -> None:
    making.talker(tmp_path / "qwen.gguf", d_model=64)
    making.mmproj(tmp_path / "mmproj-qwen.gguf", width=128)
    making.mmproj(tmp_path / "holiday.gguf", width=64)
    found = models(tmp_path)

    assert pair(found["qwen"], found.values()) == found["holiday"]
    assert not fits(found["mmproj-qwen"], found["qwen"])
    assert not fits(found["qwen"], found["qwen"])


def test_two_that_fit_are_listed_the_smallest_first(tmp_path: Path) -> None:
    making.talker(tmp_path / "talker.gguf")
    making.mmproj(tmp_path / "big.gguf", keys={"general.description": "x" * 9000})
    making.mmproj(tmp_path / "small.gguf")
    found = models(tmp_path)

    with pytest.raises(
        SeveralFitError, match=r"found 2 that fit: small\.gguf, big\.gguf"
    ) as caught:
        pair(found["talker"], found.values())
    assert caught.value.candidates == (found["small"], found["big"])
    assert fitting(found["talker"], found.values())[0] == found["small"]


def test_none_that_fits_is_none(tmp_path: Path) -> None:
    making.talker(tmp_path / "talker.gguf")
    making.mmproj(tmp_path / "eyes.gguf", width=256)
    found = models(tmp_path)

    assert pair(found["talker"], found.values()) is None


def test_a_pair_that_a_person_names_is_checked(tmp_path: Path) -> None:
    making.talker(tmp_path / "talker.gguf")
    making.mmproj(tmp_path / "eyes.gguf", width=256, keys={"general.basename": "Other"})
    making.mmproj(tmp_path / "fits.gguf")
    found = models(tmp_path)

    assert checked_pair(found["talker"], found["fits"]) == found["fits"]
    with pytest.raises(NotAModelError, match=r"gives 64 numbers .* gives 256 \(made for Other\)"):
        checked_pair(found["talker"], found["eyes"])
    with pytest.raises(NotAModelError, match="Check which is which"):
        checked_pair(found["fits"], found["talker"])


WIDTHS = {
    "llava, whose stated width is another": ("mlp", {"mm.2.weight": (96, 32)}, 768, 96),
    "llava of the Yi kind": ("mlp", {"mm.3.weight": (9, 9), "mm.3.bias": (96,)}, 768, 96),
    "gemma3, transposed": ("gemma3", {"mm.input_projection.weight": (32, 96)}, 5, 96),
    "qwen2vl": ("qwen2vl_merger", {"mm.2.weight": (96, 32)}, 5, 96),
    "qwen3vl, three layers deep": (
        "qwen3vl_merger",
        {"mm.2.weight": (96, 32), **{f"v.deepstack.{n}.fc1.weight": (2, 2) for n in (5, 11, 17)}},
        96,
        384,
    ),
    "internvl": ("internvl", {"mm.model.mlp.3.weight": (96, 32)}, 5, 96),
    "one that is not known": ("tomorrow", {"x": (2, 2)}, 96, 96),
    "a tensor that is not there": ("idefics3", {"x": (2, 2)}, 96, 96),
}


@pytest.mark.parametrize("what", WIDTHS)
def test_the_width_is_read_where_the_projector_has_it(tmp_path: Path, what: str) -> None:
    projector, tensors, stated, width = WIDTHS[what]
    path = making.mmproj(tmp_path / "a.gguf", projector=projector, stated=stated, tensors=tensors)

    facts = identify(path)[0].facts

    assert isinstance(facts, EmbedderFacts) and facts.width == width


def test_eyes_and_ears_in_one_file_must_agree(tmp_path: Path) -> None:
    keys = {"clip.vision.projector_type": "qwen3vl_merger", "clip.audio.projector_type": "qwen3a"}
    both = {"mm.2.weight": (64, 8), "mm.a.mlp.2.weight": (64, 8)}
    sides = ("vision", "audio")
    path = making.mmproj(tmp_path / "a.gguf", projector="", sides=sides, tensors=both, keys=keys)

    facts = identify(path)[0].facts

    assert isinstance(facts, EmbedderFacts)
    assert (facts.has_vision, facts.has_audio) == (True, True)
    assert facts.projector_types == ("qwen3vl_merger", "qwen3a")

    both["mm.a.mlp.2.weight"] = (65, 8)
    making.mmproj(tmp_path / "a.gguf", projector="", sides=sides, tensors=both, keys=keys)
    with pytest.raises(NotAModelError, match="no such number"):
        identify(path)


def test_an_ear_alone_is_taken(tmp_path: Path) -> None:
    tensors = {"mm.a.mlp.2.weight": (64, 8)}
    path = making.mmproj(
        tmp_path / "a.gguf", projector="ultravox", sides=("audio",), tensors=tensors
    )

    facts = identify(path)[0].facts

    assert isinstance(facts, EmbedderFacts)
    assert (facts.width, facts.has_vision, facts.has_audio) == (64, False, True)


def test_the_old_omni_projector_is_one_for_each_side(tmp_path: Path) -> None:
    tensors = {"mm.2.weight": (64, 8), "mm.a.fc.weight": (64, 8)}
    path = making.mmproj(
        tmp_path / "a.gguf", projector="qwen2.5o", sides=("vision", "audio"), tensors=tensors
    )

    facts = identify(path)[0].facts

    assert isinstance(facts, EmbedderFacts)
    assert facts.projector_types == ("qwen2.5vl_merger", "qwen2a")
