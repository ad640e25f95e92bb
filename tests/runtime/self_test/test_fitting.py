"""It is found out under which way of training a bundle's captions cost least."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from plugins.errors import Cancelled
from runtime.bundle.bundle import Bundle
from runtime.self_test import run
from runtime.self_test.fitting import Fitting, fittings, told
from tests.training.importing.checkpoints import SMALL, write_all
from training.importing.plan import Wishes, make_plan
from training.importing.run import run as make


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("import")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / "data"))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        sources = write_all(folder / "sources").sources
        return Bundle.open(make(make_plan(sources, Wishes("small"), SMALL)))


def test_every_way_has_a_loss(bundle: Bundle) -> None:
    found = {one.modality: one for one in fittings(bundle, threading.Event())}
    assert list(found) == ["image", "audio", "video"]
    assert set(found["image"].losses) == {("token", "ends"), ("text", "ends")}
    for modality in ("audio", "video"):
        assert len(found[modality].losses) == 4
        assert len(set(found[modality].losses.values())) == 4
    assert all(loss > 0 for one in found.values() for loss in one.losses.values())
    assert found["audio"].set_marks == "text"


def test_it_can_be_stopped(bundle: Bundle) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        next(fittings(bundle, cancelled))


def test_the_self_test_tells_it_by_modality(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = run.self_test(bundle)
    steps = [step.step for step in found.steps]
    assert steps[-3:] == ["fit image", "fit audio", "fit video"]
    assert found.steps[-1].number == found.steps[-1].of == len(steps)
    assert "nats a token" in str(found.steps[-1].sentence)


LOSSES = {
    ("token", "ends"): 3.0,
    ("text", "ends"): 2.0,
    ("token", "within"): 3.01,
    ("text", "within"): 2.02,
}


def test_what_fits_is_said_and_what_is_set_otherwise_fails() -> None:
    outcome, sentence = told(Fitting("audio", LOSSES, "text", "within"))
    assert outcome == "passed"
    assert str(sentence) == (
        "<Img> fits as plain text (3.00 nats a token as one, 2.00 as plain text). Long media fit "
        "either way (2.00 up to their ends, 2.02 within)."
    )
    outcome, sentence = told(Fitting("audio", LOSSES, "token", "ends"))
    assert outcome == "failed"
    assert str(sentence).endswith("import it again with another --media-marks.")
    losses = {("token", "ends"): 2.0, ("text", "ends"): 2.0}
    assert told(Fitting("image", losses, "token", "ends"))[0] == "passed"
