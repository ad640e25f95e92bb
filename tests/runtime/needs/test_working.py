"""What networks take while they compute, beside their weights."""

from __future__ import annotations

import json
from pathlib import Path

from runtime.bundle.manifest import EncoderSpec
from runtime.encoder.config import EncoderConfig
from runtime.language_model.gguf_head import GgufHead
from runtime.needs import working

MIB = 2**20


def decoder(folder: Path, sample: int = 64) -> Path:
    """Of Stable Diffusion's shape, without weights."""
    for name, table in (
        ("vae", {"block_out_channels": [128, 256, 512, 512]}),
        ("unet", {"sample_size": sample}),
    ):
        (folder / name).mkdir()
        (folder / name / "config.json").write_text(json.dumps(table))
    return folder


def test_a_larger_picture_and_a_longer_clip_take_more(tmp_path: Path) -> None:
    folder = decoder(tmp_path)
    picture = working.decoder(folder, "image", {})
    assert picture == 5 * 256 * 512 * 512 * 4
    assert working.decoder(folder, "image", {"width": 1024, "height": 512}) == 2 * picture
    assert working.decoder(folder, "video", {"frames": 8}) == 8 * picture
    assert working.decoder(folder, "audio", {"seconds": 9.0}) < picture


def test_what_an_mmproj_works_with_grows_with_its_pictures() -> None:
    tower = {
        "clip.vision.embedding_length": 1024, "clip.vision.image_size": 336,
        "clip.vision.patch_size": 14, "clip.vision.feed_forward_length": 4096,
        "clip.vision.attention.head_count": 16,
    }  # fmt: skip
    small = working.mmproj(GgufHead(tower, {}, {}, {}))
    large = working.mmproj(GgufHead({**tower, "clip.vision.image_size": 672}, {}, {}, {}))
    assert 40 * MIB < small < 80 * MIB and 4 * small < large
    assert working.mmproj(GgufHead({"clip.audio.embedding_length": 512}, {}, {}, {})) > MIB
    assert working.mmproj(GgufHead({}, {}, {}, {})) == 0


def test_what_does_not_tell_counts_as_nothing(tmp_path: Path) -> None:
    assert working.decoder(tmp_path, "image", {}) == 0
    folder = decoder(tmp_path)
    (folder / "vae" / "config.json").write_text("[1]")
    assert working.decoder(folder, "image", {}) == 0


def test_the_largest_tower_counts() -> None:
    huge = EncoderSpec("encoder.safetensors", EncoderConfig.huge().to_table())
    assert 200 * MIB < working.encoder(huge) < 500 * MIB
    words = EncoderSpec("encoder.safetensors", {"text": {}})
    assert working.encoder(words) == 0
