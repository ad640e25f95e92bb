"""Where a training computes."""

from __future__ import annotations

import pytest
import torch

from plugins.errors import KnownError
from training.trainer import devices


def test_the_processor_serves_where_nothing_was_chosen() -> None:
    assert devices.accelerator().num_processes == 1
    devices.use("cpu")
    assert devices.device() == torch.device("cpu")
    assert devices.describe(devices.device()).startswith("cpu, ")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
@pytest.mark.parametrize("device", ["cuda", "cuda:0"])
def test_a_gpu_that_is_not_there_is_not_promised(device: str) -> None:
    with pytest.raises(KnownError, match=rf"{device} was asked for, but torch finds 0 CUDA"):
        devices.use(device)
    devices.use("auto")
    assert devices.device() == torch.device("cpu")


@pytest.mark.parametrize("device", ["", "gpu", "cpu:0", "cuda:one", "mps"])
def test_other_words_are_no_devices(device: str) -> None:
    with pytest.raises(KnownError, match="expected device auto, cpu, cuda or cuda:N"):
        devices.use(device)
