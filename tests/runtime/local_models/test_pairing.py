"""What takes in pictures and sounds belongs to a model by its width, whatever its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.language_model.gguf_head import read_head
from runtime.local_models.embedding_width import embedding_width
from runtime.local_models.found import EmbedderFacts, FoundModel, NotAModelError, TalkerFacts
from runtime.local_models.identify import identify
from runtime.local_models.pairing import SeveralFitError, checked_pair, fits, fitting, pair
from tests import tiny_mmproj
from tests.runtime.local_models import making

WIDTH = tiny_mmproj.D_MODEL


def models(folder: Path) -> dict[str, FoundModel]:
    return {one.path.stem: one for one in identify(folder)}


def test_the_width_decides_and_not_the_name(tmp_path: Path) -> None:
    making.talker(tmp_path / "qwen.gguf", d_model=WIDTH)
    making.mmproj(tmp_path / "mmproj-qwen.gguf", "deepstack")
    making.mmproj(tmp_path / "holiday.gguf")
    found = models(tmp_path)

    assert pair(found["qwen"], found.values()) == found["holiday"]
    assert not fits(found["mmproj-qwen"], found["qwen"])
    assert not fits(found["qwen"], found["qwen"])


def test_two_that_fit_are_listed_the_smallest_first(tmp_path: Path) -> None:
    making.talker(tmp_path / "talker.gguf")
    making.mmproj(tmp_path / "big.gguf", "ultravox")
    making.mmproj(tmp_path / "small.gguf")
    found = models(tmp_path)

    with pytest.raises(SeveralFitError, match=r"2 that fit: small\.gguf, big\.gguf") as caught:
        pair(found["talker"], found.values())
    assert caught.value.candidates == (found["small"], found["big"])
    assert fitting(found["talker"], found.values())[0] == found["small"]


def test_none_that_fits_is_none(tmp_path: Path) -> None:
    making.talker(tmp_path / "talker.gguf", d_model=32)
    making.mmproj(tmp_path / "eyes.gguf")
    found = models(tmp_path)

    assert pair(found["talker"], found.values()) is None


def test_a_pair_that_a_person_names_is_checked(tmp_path: Path) -> None:
    making.talker(tmp_path / "talker.gguf")
    making.talker(tmp_path / "other.gguf", d_model=32)
    making.mmproj(tmp_path / "eyes.gguf")
    found = models(tmp_path)

    assert checked_pair(found["talker"], found["eyes"]) == found["eyes"]
    with pytest.raises(NotAModelError, match=f"gives 32 numbers .* gives {WIDTH}"):
        checked_pair(found["other"], found["eyes"])
    with pytest.raises(NotAModelError, match="Check which is which"):
        checked_pair(found["eyes"], found["talker"])


SEES_AND_HEARS = {
    "llava": (True, False),
    "qwen": (True, True),
    "deepstack": (True, False),
    "gemma": (True, False),
    "ultravox": (False, True),
}


@pytest.mark.parametrize("kind", SEES_AND_HEARS)
def test_what_llama_cpp_runs_together_is_paired(tmp_path: Path, kind: str) -> None:
    tiny_mmproj.write_pair(tmp_path, kind)
    found = models(tmp_path)
    talker, embedder = found[kind], found[f"mmproj-{kind}"]

    assert pair(talker, found.values()) == embedder
    facts, taken = embedder.facts, talker.facts
    assert isinstance(facts, EmbedderFacts) and isinstance(taken, TalkerFacts)
    assert (facts.has_vision, facts.has_audio) == SEES_AND_HEARS[kind]
    assert facts.width == taken.n_embd_inp == WIDTH * (2 if kind == "deepstack" else 1)
    assert len(facts.projector_types) == facts.has_vision + facts.has_audio


def test_what_llama_cpp_would_not_survive_is_refused(tmp_path: Path) -> None:
    path = making.mmproj_head(tmp_path / "a.gguf", keys={"clip.projector_type": "mlp"}, stated=64)

    with pytest.raises(NotAModelError, match=r"in a\.gguf, found"):
        identify(path)


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
    head = read_head(making.mmproj_head(tmp_path / "a.gguf", stated=stated, tensors=tensors))

    assert embedding_width(head, "vision", projector) == width


def test_the_old_projector_for_both_is_one_for_each(tmp_path: Path) -> None:
    tensors = {"mm.2.weight": (96, 8), "mm.a.fc.weight": (97, 8)}
    head = read_head(making.mmproj_head(tmp_path / "a.gguf", tensors=tensors))

    found = [embedding_width(head, side, "qwen2.5o") for side in ("vision", "audio")]
    assert found == [96, 97]


def test_a_file_that_does_not_say_its_width_is_refused(tmp_path: Path) -> None:
    assert embedding_width(read_head(making.mmproj_head(tmp_path / "a.gguf")), "audio", "x") == 0
