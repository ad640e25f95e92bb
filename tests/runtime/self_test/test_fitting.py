"""It is found out under which way of training a bundle's captions cost least."""

from __future__ import annotations

import threading

import pytest

from plugins.errors import Cancelled, KnownError
from runtime.bundle.bundle import Bundle
from runtime.self_test import run
from runtime.self_test.fitting import Fitting, fittings, told
from runtime.self_test.outcomes import SelfTest, StepOutcome
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


def test_the_self_test_tells_it_by_modality(bundle: Bundle) -> None:
    told_steps: list[StepOutcome] = []
    tester = run._Tester(bundle, told_steps.append, lambda *_: None, threading.Event())
    found = tester.fit(SelfTest("small", "", (), ""))
    assert list(found.steps) == told_steps
    assert [step.step for step in found.steps] == ["fit image", "fit audio", "fit video"]
    assert {step.of for step in found.steps} == {13}
    assert all("nats a token" in str(step.sentence) for step in found.steps)


def test_a_bundle_whose_training_is_known_is_not_asked(tiny_bundle: Bundle) -> None:
    tester = run._Tester(tiny_bundle, lambda _: None, lambda *_: None, threading.Event())
    before = SelfTest("tiny", "", (), "")
    assert tester.fit(before) is before


def test_what_cannot_be_found_out_is_a_failed_step(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise KnownError("too little memory")

    monkeypatch.setattr("runtime.components.load.language_model", refuse)
    tester = run._Tester(bundle, lambda _: None, lambda *_: None, threading.Event())
    found = tester.fit(SelfTest("small", "", (), ""))
    assert [step.outcome for step in found.steps] == ["failed"] * 3
    assert str(found.steps[0].sentence) == "too little memory"


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
