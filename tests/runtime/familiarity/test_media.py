"""The measures of what a bundle knows load strictly; a contradiction in their table is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, BundleError
from runtime.bundle.manifest import FamiliaritySpec, SentencesSpec
from runtime.bundle.write import write_manifest
from runtime.components import load as components
from runtime.components.verify import verify_bundle
from runtime.encoder import EncoderConfig
from runtime.familiarity.media import Familiarity, count_of, statistics
from runtime.familiarity.words import KINDS
from tests.tiny_bundle import ENCODER

SAID = SentencesSpec({"image": "no picture", "audio": "no sound"}, "no words", "nothing", {})
SPEC = FamiliaritySpec(
    "familiarity.safetensors", {"image": 0.5, "audio": 0.5}, 8, 0.9, {"thing": ("boat",)},
    {"en": SAID},
)  # fmt: skip
Tensors = dict[str, NDArray[np.generic]]


def tensors() -> Tensors:
    found: Tensors = {
        "words.table": np.zeros((8, len(KINDS)), dtype=np.int8),
        "words.scale": np.ones(len(KINDS), dtype=np.float32),
        "words.bias": np.zeros(len(KINDS), dtype=np.float32),
    }
    for modality in SPEC.thresholds:
        count = count_of(ENCODER, modality)
        found[f"{modality}.weights"] = np.ones(count, dtype=np.float32)
        found[f"{modality}.bias"] = np.zeros(1, dtype=np.float32)
    return found


@pytest.fixture
def bundle(tiny_bundle: Bundle, tmp_path: Path) -> Bundle:
    folder = tmp_path / "tiny"
    shutil.copytree(tiny_bundle.folder, folder)
    save_file(tensors(), folder / SPEC.file)
    write_manifest(folder, msgspec.structs.replace(tiny_bundle.manifest, familiarity=SPEC))
    return Bundle.open(folder)


def test_a_bundle_with_measures_is_proved_with_them(bundle: Bundle) -> None:
    report = verify_bundle(bundle.folder)
    assert report.ok
    assert "familiarity" in {line.what for line in report.lines}
    measures = components.familiarity(bundle)
    assert measures is not None
    assert measures[0].score("image", np.ones(count_of(ENCODER, "image"), np.float32)) == 65.0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.pop("image.bias"), "missing image.bias"),
        (lambda t: t.update(more=np.zeros(1, np.float32)), "unexpected more"),
        (lambda t: t.update({"words.table": np.zeros((9, 4), np.int8)}), r"int8 \[9, 4\]"),
        (lambda t: t.update({"words.bias": np.full(4, np.nan, np.float32)}), "not finite"),
        (lambda t: t.update({"audio.bias": np.zeros(1, np.float64)}), "float64"),
    ],
)
def test_a_file_that_is_not_what_the_table_says_is_refused(
    bundle: Bundle, change: Callable[[Tensors], None], named: str
) -> None:
    path = bundle.path(SPEC.file)
    found = load_file(path)
    change(found)
    path.unlink()
    save_file(found, path)
    with pytest.raises(KnownError, match=named):
        components.familiarity(bundle)


def test_a_file_that_is_no_safetensors_file_is_refused(bundle: Bundle) -> None:
    bundle.path(SPEC.file).write_bytes(b"nothing")
    with pytest.raises(KnownError, match="cannot be read as one"):
        components.familiarity(bundle)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"file": "gone.safetensors"}, "familiarity.file needs 'gone.safetensors'"),
        ({"thresholds": {"image": float("nan")}}, "thresholds.image is nan"),
        ({"most_other": 0.0}, "most_other 0.0"),
        ({"sentences": {}}, "sentences is empty"),
        ({"sentences": {"en": SentencesSpec({}, "a", "b", {})}}, "leaves out a sentence"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(
    bundle: Bundle, change: dict[str, object], named: str
) -> None:
    wrong = msgspec.structs.replace(SPEC, **change)
    with pytest.raises(BundleError, match=named):
        write_manifest(bundle.folder, msgspec.structs.replace(bundle.manifest, familiarity=wrong))


def test_statistics_are_as_many_as_the_encoders_layers_give() -> None:
    layers = [np.zeros((4, 16), np.float32)]
    found = statistics(layers, np.zeros(16, np.float32), np.zeros((4, 16), np.float32), 1.0)
    assert found.shape == (count_of(ENCODER, "image"),) == (count_of(ENCODER, "video"),)
    assert count_of(EncoderConfig(embed_dim=16), "image") == 0


def test_only_a_score_above_the_threshold_is_unknown() -> None:
    measure = Familiarity({"image": np.ones(1, np.float32)}, {"image": 0.0}, {"image": 2.0})
    known, unknown = np.full(1, 2.0, np.float32), np.full(1, 2.5, np.float32)
    assert measure.knows("image", known)
    assert not measure.knows("image", unknown)
    assert measure.knows("smell", unknown)
