"""Sounds of nothing: heard, bounded, and the same for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from training.familiarity.outlier_sounds import outlier_sound


@pytest.mark.parametrize("seed", range(12))
def test_a_sound_is_bounded_and_settled_by_its_seed(seed: int) -> None:
    one, again = (outlier_sound(np.random.default_rng(seed)) for _ in range(2))

    assert one.ndim == 1 and len(one) > 1000
    assert np.isfinite(one).all()
    assert 0 < np.abs(one).max() <= 1.001
    np.testing.assert_array_equal(one, again)
