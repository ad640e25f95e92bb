"""Distances between clouds of features."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg

from training.evaluation.metrics.distributions import (
    frechet_distance,
    inception_score,
    mean_divergence,
)


def clouds(n: int = 200, width: int = 6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    mixed = rng.normal(size=(n, width)) @ rng.normal(size=(width, width)) + 1
    return rng.normal(size=(n, width)), mixed


def test_the_distance_is_that_of_the_formula() -> None:
    a, b = clouds()
    spread_a, spread_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = scipy.linalg.sqrtm(spread_a @ spread_b).real
    apart = a.mean(axis=0) - b.mean(axis=0)
    expected = apart @ apart + np.trace(spread_a + spread_b - 2 * root)
    assert frechet_distance(a, b) == pytest.approx(expected)


def test_a_cloud_is_nowhere_away_from_itself_even_with_few_samples() -> None:
    a, b = clouds(n=4, width=32)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))


def test_moving_a_cloud_costs_the_square_of_the_way() -> None:
    a, _ = clouds()
    assert frechet_distance(a, a + 2) == pytest.approx(4 * a.shape[1])


@pytest.mark.parametrize("other", [np.zeros((1, 6)), np.zeros((5, 7)), np.zeros(6)])
def test_clouds_that_cannot_be_compared_are_refused(other: np.ndarray) -> None:
    with pytest.raises(ValueError, match="expected two"):
        frechet_distance(clouds()[0], other)


def test_inception_score_runs_from_one_to_the_number_of_classes() -> None:
    assert inception_score(np.eye(5)) == pytest.approx(5)
    assert inception_score(np.full((5, 5), 0.2)) == pytest.approx(1)
    assert inception_score(np.eye(5)[:1].repeat(4, axis=0)) == pytest.approx(1)


def test_divergence_is_zero_for_the_same_and_grows_with_difference() -> None:
    true = np.array([[0.9, 0.1], [0.5, 0.5]])
    assert mean_divergence(true, true) == pytest.approx(0)
    expected = 0.9 * np.log(9) + 0.1 * np.log(1 / 9)
    assert mean_divergence(true[:1], true[:1, ::-1]) == pytest.approx(expected)
