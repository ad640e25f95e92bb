"""What a machine may lack: models of the catalogue and recordings of people. `.ci/run` brings both;
a test that needs what is not there is left out with the command that fetches it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import platformdirs
import pytest
from numpy.typing import NDArray

from benchmarks.voice.recordings import recordings
from tests.conftest import MODELS_VARIABLE

Float32 = NDArray[np.float32]
People = dict[str, tuple[Float32, str]]
RATE_HZ = 16_000
LIBRIVOX = "sense_and_sensibility"
"""How the names of the sentences of one reader begin."""


def model_home() -> str:
    """The data folder whose models are tested, as `XDG_DATA_HOME` names it."""
    return os.environ.get(MODELS_VARIABLE, platformdirs.user_data_dir())


def model_folder(name: str) -> Path:
    """The folder of an installed model."""
    folder = Path(model_home()) / "medley" / "models" / name
    if not (folder / "model.toml").is_file():
        pytest.skip(f"the model {name} is not here: `medley models get {name}` fetches it")
    return folder


def people() -> People:
    """[n] samples at `RATE_HZ` and words of people, by the name of the recording."""
    found = {name: (samples, said) for name, samples, said in recordings()}
    if not found:
        pytest.skip("no recordings of people are here: Debian's pocketsphinx-testdata brings some")
    return found


def reader() -> tuple[Float32, str]:
    """Sentences of one reader with half a second between them, and their words."""
    read = [one for name, one in sorted(people().items()) if name.startswith(LIBRIVOX)]
    pause = np.zeros(RATE_HZ // 2, np.float32)
    samples = np.concatenate([part for sound, _ in read for part in (sound, pause)])
    return samples, " ".join(said for _, said in read)
