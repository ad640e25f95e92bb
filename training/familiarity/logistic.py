"""Multinomial logistic regression with a squared penalty, trained to convergence. Knows arrays
only.

Legend: N samples, F features, K kinds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Float64 = NDArray[np.float64]


def fit(
    features: Any, kinds: NDArray[np.int64], count: int, *, decay: float, rounds: int = 200
) -> tuple[Float64, Float64]:
    """Weights [F, K] and bias [K] that separate the kinds of the samples; the same on every run.

    Args:
        features: [N, F], an array or a scipy sparse matrix.
        kinds: [N], from 0.
        count: K.
        decay: of the squared weights, beside the mean loss of a sample.
        rounds: of the quasi-Newton method, at most.
    """
    samples, width = features.shape
    wanted = np.zeros((samples, count))
    wanted[np.arange(samples), kinds] = 1.0

    def loss(flat: Float64) -> tuple[float, Float64]:
        weights, bias = flat[: width * count].reshape(width, count), flat[width * count :]
        logits = features @ weights + bias
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        total = shares.sum(axis=1, keepdims=True)
        shares /= total
        value = float(((np.log(total) - logits) * wanted).sum() / samples)
        slope = (shares - wanted) / samples
        gradient = features.T @ slope + decay * weights
        value += 0.5 * decay * float((weights**2).sum())
        return value, np.concatenate([np.asarray(gradient).ravel(), slope.sum(axis=0)])

    found = minimize(
        loss, np.zeros(width * count + count), jac=True, method="L-BFGS-B",
        options={"maxiter": rounds},
    ).x  # fmt: skip
    return found[: width * count].reshape(width, count), found[width * count :]
