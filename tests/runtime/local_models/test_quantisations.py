"""The names of quantisations are those that llama.cpp gives them."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest

from runtime.language_model.gguf_head import GgufHead, GgufTensor, read_head
from runtime.local_models.quantisations import quantisation
from tests.runtime.local_models import making


def head(**metadata: int) -> GgufHead:
    kinds = {"a": GgufTensor(0, (4,), 16), "b": GgufTensor(14, (256,), 210)}
    return GgufHead({f"general.{key}": value for key, value in metadata.items()}, {}, {}, kinds)


@pytest.mark.parametrize("kind", [kind for kind in gguf.LlamaFileType if kind < 1024])
def test_every_type_of_file_has_its_name(kind: gguf.LlamaFileType) -> None:
    name = kind.name.removeprefix("MOSTLY_").removeprefix("ALL_").removesuffix("_MOE")

    assert quantisation(head(file_type=int(kind))) == name
    assert quantisation(head(file_type=int(kind) + gguf.LlamaFileType.GUESSED)) == name


@pytest.mark.parametrize("stated", [{}, {"file_type": 999}])
def test_without_a_known_type_most_of_the_weights_decide(stated: dict[str, int]) -> None:
    assert quantisation(head(**stated)) == "Q6_K"


def test_every_type_of_tensor_in_which_weights_come_has_its_name(tmp_path: Path) -> None:
    known = read_head(making.talker(tmp_path / "a.gguf")).tensors
    for kind in gguf.GGMLQuantizationType:
        if kind.name.startswith(("I8", "I16", "I32", "I64", "F64", "Q8_1", "Q8_K")):
            continue
        tensors = {name: GgufTensor(int(kind), one.shape, 1) for name, one in known.items()}
        assert quantisation(GgufHead({}, {}, {}, tensors)) == kind.name
