"""Logistic regression finds the boundary between kinds, the same on every run."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from training.familiarity.logistic import fit


def samples() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    kinds = np.repeat([0, 1, 2], 60)
    middles = np.array([[3.0, 0.0], [-3.0, 0.0], [0.0, 4.0]])
    return middles[kinds] + rng.normal(size=(180, 2)), kinds


def test_kinds_are_told_apart() -> None:
    features, kinds = samples()

    weights, bias = fit(features, kinds, 3, decay=1e-3)

    assert ((features @ weights + bias).argmax(axis=1) == kinds).mean() > 0.95


def test_a_sparse_matrix_gives_the_same() -> None:
    features, kinds = samples()

    dense, sparse = (fit(x, kinds, 3, decay=1e-2) for x in (features, csr_matrix(features)))

    for one, other in zip(dense, sparse, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_decay_keeps_weights_small() -> None:
    features, kinds = samples()

    free, held = (fit(features, kinds, 3, decay=decay)[0] for decay in (1e-6, 1.0))

    assert np.abs(held).sum() < 0.3 * np.abs(free).sum()
