"""Opens artifacts with decoders that Medley does not use itself."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile


def decode(data: bytes, extension: str, folder: Path) -> NDArray[np.float64]:
    """Pixels [H, W, 3], samples [n] or frames [T, H, W, 3]; colours are red, green, blue."""
    if extension == ".png":
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        return picture[..., ::-1].astype(np.float64)
    if extension == ".wav":
        _, samples = wavfile.read(io.BytesIO(data))
        return samples.astype(np.float64)
    return _frames(data, folder / f"clip{extension}")


def frame_rate(data: bytes, folder: Path) -> float:
    """Frames a second of a clip."""
    path = folder / "rate.mp4"
    path.write_bytes(data)
    capture = cv2.VideoCapture(str(path))
    rate = float(capture.get(cv2.CAP_PROP_FPS))
    capture.release()
    return rate


def _frames(data: bytes, path: Path) -> NDArray[np.float64]:
    path.write_bytes(data)
    capture = cv2.VideoCapture(str(path))
    frames = []
    while True:
        more, frame = capture.read()
        if not more:
            break
        frames.append(frame[..., ::-1])
    capture.release()
    return np.stack(frames).astype(np.float64)
