"""Media of nothing: bounded, of the right shapes, and the same for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from training.familiarity.outliers import outlier_clip, outlier_picture


@pytest.mark.parametrize("seed", range(12))
def test_pictures_are_square_and_settled_by_their_seed(seed: int) -> None:
    one, again = (outlier_picture(np.random.default_rng(seed)) for _ in range(2))

    assert one.dtype == np.uint8
    assert one.shape[0] == one.shape[1] and one.shape[2] == 3
    np.testing.assert_array_equal(one, again)


@pytest.mark.parametrize("seed", range(6))
def test_clips_have_several_frames(seed: int) -> None:
    clip = outlier_clip(np.random.default_rng(seed))

    assert clip.dtype == np.uint8
    assert clip.ndim == 4 and len(clip) >= 3
