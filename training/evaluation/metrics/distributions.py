"""Two sets of media as clouds of features: how far apart, how sharp, how varied.

Fréchet distance (FID for pictures, FD for sounds and clips), inception score and paired divergence.
Arithmetic in float64; knows no model.

Legend: N samples, D feature width, C classes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]
TINY = 1e-12


def frechet_distance(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Fréchet distance of the normal distributions fitted to two [N, D], from 0.

    The trace of the covariances' geometric mean is computed from symmetric matrices only, which
    stays exact when there are fewer samples than dimensions.

    Raises:
        ValueError: fewer than two samples in a set, or different widths.
    """
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or min(len(a), len(b)) < 2:
        raise ValueError(
            f"Fréchet distance: expected two [N, D] of N >= 2, found {a.shape}, {b.shape}"
        )
    apart = a.mean(axis=0) - b.mean(axis=0)
    spread_a, spread_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    spread_a, spread_b = np.atleast_2d(spread_a), np.atleast_2d(spread_b)
    root = _root(spread_a)
    common = np.linalg.eigvalsh(root @ spread_b @ root)
    mean_spread = np.sqrt(np.clip(common, 0, None)).sum()
    return float(max(apart @ apart + np.trace(spread_a) + np.trace(spread_b) - 2 * mean_spread, 0))


def _root(matrix: Float64) -> Float64:
    """The symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(matrix)
    root: Float64 = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    return root


def inception_score(posteriors: NDArray[np.floating]) -> float:
    """exp of the mean divergence of [N, C] class posteriors from their mean: 1 (worst) to C."""
    p = np.asarray(posteriors, np.float64)
    return float(np.exp(_divergences(p, p.mean(axis=0, keepdims=True)).mean()))


def mean_divergence(true: NDArray[np.floating], made: NDArray[np.floating]) -> float:
    """Mean KL(true || made) in nats of paired [N, C] class posteriors, from 0."""
    return float(_divergences(np.asarray(true, np.float64), np.asarray(made, np.float64)).mean())


def _divergences(p: Float64, q: Float64) -> Float64:
    """[N] KL(p || q)."""
    found: Float64 = (p * (np.log(p + TINY) - np.log(q + TINY))).sum(axis=1)
    return found
