"""From a file to features: the whole way through real files and a small encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from plugins.errors import KnownError
from runtime.encoder import AudioConfig, EncoderConfig, VisionConfig
from runtime.encoder.inputs import prepare
from runtime.encoder.model import ImageBindEncoder
from runtime.encoder.preprocess import frames_to_video_tensor
from runtime.media import read_video
from tests.runtime.making_media import write_clip, write_picture, write_sound

CONFIG = EncoderConfig(
    embed_dim=16,
    vision=VisionConfig(image_size=32, patch=8, width=16, depth=1, heads=2),
    audio=AudioConfig(mel_bins=32, target_frames=52, stride=12, width=16, depth=1, heads=2),
)


@torch.no_grad()
def test_every_medium_gets_features(tmp_path: Path) -> None:
    encoder = ImageBindEncoder(CONFIG).eval()
    files = {
        "image": write_picture(tmp_path / "a.png"),
        "audio": write_sound(tmp_path / "a.wav", seconds=5.0),
        "video": write_clip(tmp_path / "a.mp4", n_frames=40, size=(64, 32)),
    }
    for modality, path in files.items():
        features = encoder.encode(modality, prepare(CONFIG, modality, path))
        assert features.embedding.shape == (1, 16)
        assert torch.isfinite(features.patches).all()


def test_a_video_read_by_its_frames_equals_one_read_whole(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", n_frames=40, size=(64, 32), gop=5)
    whole = read_video(path, lambda n, _fps: list(range(n)))
    assert CONFIG.vision is not None
    expected = frames_to_video_tensor(CONFIG.vision, whole.frames, whole.fps)
    torch.testing.assert_close(prepare(CONFIG, "video", path), expected)


def test_a_picture_of_one_pixel_is_accepted(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((1, 1, 3), np.uint8)).save(tmp_path / "a.png")
    assert prepare(CONFIG, "image", tmp_path / "a.png").shape == (1, 3, 32, 32)


def test_a_medium_without_a_tower_is_refused(tmp_path: Path) -> None:
    deaf = EncoderConfig(embed_dim=16, vision=CONFIG.vision)
    with pytest.raises(KnownError, match="a medium of image, video, found audio"):
        prepare(deaf, "audio", write_sound(tmp_path / "a.wav"))
    with pytest.raises(KnownError, match="found smell"):
        prepare(CONFIG, "smell", tmp_path / "a.wav")
