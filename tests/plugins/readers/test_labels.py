"""Labels: strict about the weights, silent when unsure, and right where the model is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from plugins.errors import KnownError
from plugins.readers import labels
from plugins.readers.efficientnet import CLASSES, SIDE, EfficientNetLite2, load
from plugins.readers.labels import LabelReader, best
from plugins.stage import RenderStage


@pytest.fixture(scope="module")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the catalogue fills it, with random weights."""
    folder = tmp_path_factory.mktemp("lite2")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        torch.save(EfficientNetLite2().state_dict(), folder / "efficientnet-lite2.pth")
    synsets = [f"n{number:08}" for number in range(CLASSES)]
    (folder / "imagenet_synsets.txt").write_text("\n".join(synsets))
    words = "\n".join(f"{synset}\tname {synset}, other name" for synset in synsets)
    (folder / "imagenet_synset_to_lemma.txt").write_text(words)
    return folder


def test_the_network_has_the_published_size() -> None:
    network = EfficientNetLite2()
    assert sum(parameter.numel() for parameter in network.parameters()) == 6_092_072
    with torch.inference_mode():
        assert network.eval()(torch.zeros(1, 3, SIDE, SIDE)).shape == (1, CLASSES)


def test_a_network_that_believes_nothing_says_nothing(
    tmp_path: Path, random_model: Path, stage: RenderStage
) -> None:
    Image.new("RGB", (300, 200), "teal").save(tmp_path / "a.png")
    assert LabelReader(random_model).read(tmp_path / "a.png", "image", stage) == []


def test_few_names_are_said_and_only_likely_ones() -> None:
    names = tuple(f"thing {number}" for number in range(CLASSES))
    believed = np.full(CLASSES, 0.0001, np.float32)
    believed[[7, 3, 9, 1]] = 0.5, 0.2, 0.11, 0.105
    assert [name for name, _ in best(believed, names)] == ["thing 7", "thing 3", "thing 9"]
    believed[7] = labels.LEAST - 0.01
    assert best(believed, names) == []


def test_weights_that_do_not_fit_are_refused(tmp_path: Path, random_model: Path) -> None:
    weights = torch.load(random_model / "efficientnet-lite2.pth", weights_only=True)
    path = tmp_path / "other.pth"
    for spoil in ({"_fc.bias": torch.zeros(7)}, {"extra": torch.zeros(1)}):
        torch.save({**weights, **spoil}, path)
        with pytest.raises(KnownError, match="expected the weights of EfficientNet-lite2"):
            load(path)
    for rubbish in (b"", b"rubbish"):
        path.write_bytes(rubbish)
        with pytest.raises(KnownError, match="models get efficientnet-lite2"):
            load(path)


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return print, ("it ran",)


def test_nothing_but_tensors_is_unpickled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save(_Evil(), tmp_path / "evil.pth")
    with pytest.raises(KnownError):
        load(tmp_path / "evil.pth")
    assert capsys.readouterr().out == ""


def test_absent_names_are_one_line(tmp_path: Path, stage: RenderStage) -> None:
    with pytest.raises(KnownError, match=r"expected imagenet_synsets\.txt"):
        LabelReader(tmp_path).read(tmp_path / "a.png", "image", stage)
    with pytest.raises(KnownError, match="models get starter"):
        LabelReader(None).read(tmp_path / "a.png", "image", stage)


def test_the_published_weights_name_what_a_drawn_thing_is_not_unsure_of(
    tmp_path: Path, seeing: Path, stage: RenderStage
) -> None:
    """A page is no photo: where the model is, it loads strictly, and noise has no name."""
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    seen = labels.load(seeing)
    assert (seen.names[285], seen.names[967], seen.names[0]) == (
        "Egyptian cat",
        "espresso",
        "tench",
    )
    assert LabelReader(seeing).read(tmp_path / "noise.png", "image", stage) == []
