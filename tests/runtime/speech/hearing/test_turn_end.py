"""The end of a turn is told from a pause within it, from sound that the model was trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.voice import noises
from runtime.speech.hearing.sounds import Float32
from runtime.speech.hearing.turn_end import TurnEnd

LIBRIVOX = "sense_and_sensibility_01_austen_64kb-"


@pytest.mark.parametrize("seconds", [2.0, 8.0, 11.0])
def test_the_features_are_those_the_model_was_trained_on(turn_taking: Path, seconds: float) -> None:
    from transformers import WhisperFeatureExtractor

    samples = noises.hiss(seconds)
    last = samples[-128_000:]
    reference = WhisperFeatureExtractor(chunk_length=8)(
        np.pad(last, (128_000 - len(last), 0)),
        sampling_rate=16_000,
        padding="max_length",
        max_length=128_000,
        truncation=True,
        do_normalize=True,
        return_tensors="np",
    ).input_features[0]
    found = TurnEnd(turn_taking).features(samples)
    assert found.shape == (80, 800)
    np.testing.assert_allclose(found, reference, atol=1e-3)


def test_the_end_of_a_sentence_is_told_from_its_middle(
    turn_taking: Path, people: dict[str, tuple[Float32, str]]
) -> None:
    judge = TurnEnd(turn_taking)
    pause = noises.silence(0.1)
    for number in ("0870", "0920"):
        samples, _ = people[LIBRIVOX + number]
        voice = np.flatnonzero(np.abs(samples) > 0.02)
        assert judge.probability(np.concatenate((samples[: voice[-1]], pause))) > 0.8
        parts = [samples[: int(seconds * 16_000)] for seconds in (1.5, 2.0, 2.5, 3.0)]
        middle = [judge.probability(np.concatenate((part, pause))) for part in parts]
        assert np.mean(middle) < 0.5
