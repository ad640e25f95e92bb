"""The encoder has ImageBind's names and shapes, and gives the features NExT-GPT takes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional

from plugins.errors import BugError, KnownError
from runtime.encoder import AudioConfig, EncoderConfig, TextConfig, VisionConfig
from runtime.encoder.model import ImageBindEncoder, load_encoder

SMALL = EncoderConfig(
    embed_dim=24,
    vision=VisionConfig(image_size=32, patch=8, width=32, depth=2, heads=4),
    audio=AudioConfig(
        mel_bins=32, target_frames=52, kernel=16, stride=12, width=32, depth=2, heads=4
    ),
    text=TextConfig(vocab=30, context=10, width=32, depth=2, heads=4),
)


def published() -> dict[str, tuple[int, ...]]:
    """Names and shapes of `imagebind_huge.pth`: vision, audio and text."""
    shapes: dict[str, tuple[int, ...]] = {}
    for tower, width, depth in (("vision", 1280, 32), ("text", 1024, 24), ("audio", 768, 12)):
        for i in range(depth):
            block = f"modality_trunks.{tower}.blocks.{i}."
            shapes |= {
                block + "attn.in_proj_weight": (3 * width, width),
                block + "attn.in_proj_bias": (3 * width,),
                block + "attn.out_proj.weight": (width, width),
                block + "attn.out_proj.bias": (width,),
                block + "mlp.fc1.weight": (4 * width, width),
                block + "mlp.fc1.bias": (4 * width,),
                block + "mlp.fc2.weight": (width, 4 * width),
                block + "mlp.fc2.bias": (width,),
            }
            for norm in ("norm_1", "norm_2"):
                shapes |= {block + norm + ".weight": (width,), block + norm + ".bias": (width,)}
            if tower == "audio":
                shapes |= {block + f"attn.bias_{kv}": (1, 1, width) for kv in "kv"}
    return shapes | {
        "modality_preprocessors.vision.cls_token": (1, 1, 1280),
        "modality_preprocessors.vision.rgbt_stem.proj.1.weight": (1280, 3, 2, 14, 14),
        "modality_preprocessors.vision.pos_embedding_helper.pos_embed": (1, 257, 1280),
        "modality_preprocessors.text.pos_embed": (1, 77, 1024),
        "modality_preprocessors.text.mask": (77, 77),
        "modality_preprocessors.text.token_embedding.weight": (49408, 1024),
        "modality_preprocessors.audio.cls_token": (1, 1, 768),
        "modality_preprocessors.audio.rgbt_stem.proj.weight": (768, 1, 16, 16),
        "modality_preprocessors.audio.rgbt_stem.norm_layer.weight": (768,),
        "modality_preprocessors.audio.rgbt_stem.norm_layer.bias": (768,),
        "modality_preprocessors.audio.pos_embedding_helper.pos_embed": (1, 229, 768),
        "modality_trunks.vision.pre_transformer_layer.0.weight": (1280,),
        "modality_trunks.vision.pre_transformer_layer.0.bias": (1280,),
        "modality_heads.vision.0.weight": (1280,),
        "modality_heads.vision.0.bias": (1280,),
        "modality_heads.vision.2.weight": (1024, 1280),
        "modality_heads.text.proj.0.weight": (1024,),
        "modality_heads.text.proj.0.bias": (1024,),
        "modality_heads.text.proj.1.weight": (1024, 1024),
        "modality_heads.audio.0.weight": (768,),
        "modality_heads.audio.0.bias": (768,),
        "modality_heads.audio.2.weight": (1024, 768),
        "modality_postprocessors.text.1.log_logit_scale": (),
        "modality_postprocessors.audio.1.log_logit_scale": (),
    }


def small() -> ImageBindEncoder:
    torch.manual_seed(0)
    return ImageBindEncoder(SMALL).eval()


def test_the_full_size_has_exactly_the_published_names_and_shapes() -> None:
    with torch.device("meta"):
        encoder = ImageBindEncoder(EncoderConfig.huge())
    assert {name: tuple(t.shape) for name, t in encoder.state_dict().items()} == published()


def test_norms_use_the_published_epsilons() -> None:
    for name, part in small().named_modules():
        if isinstance(part, torch.nn.LayerNorm):
            assert part.eps == (1e-5 if name.endswith("norm_layer") else 1e-6), name


@torch.no_grad()
def test_a_picture_gives_one_unit_vector_and_unit_patches() -> None:
    features = small().encode("image", torch.randn(2, 3, 32, 32))
    assert features.embedding.shape == (2, 24)
    assert features.patches.shape == (2, 16, 24)
    for part in features:
        torch.testing.assert_close(part.norm(dim=-1), torch.ones(part.shape[:-1]))


@torch.no_grad()
def test_a_picture_is_a_clip_of_equal_frames() -> None:
    encoder, picture = small(), torch.randn(1, 3, 32, 32)
    clip = picture[:, None, :, None].expand(-1, 1, -1, 2, -1, -1)
    torch.testing.assert_close(encoder.encode("image", picture), encoder.encode("video", clip))


@torch.no_grad()
def test_clips_are_normalised_one_by_one_and_then_averaged() -> None:
    encoder, clips = small(), torch.randn(2, 3, 3, 2, 32, 32)
    together = encoder.encode("video", clips)
    alone = [encoder.encode("video", clips[:, i : i + 1]) for i in range(3)]
    for part in range(2):
        mean = torch.stack([features[part] for features in alone]).mean(dim=0)
        torch.testing.assert_close(together[part], mean)


@torch.no_grad()
def test_sound_is_not_scaled_unless_the_configuration_says_so() -> None:
    sound = torch.randn(1, 1, 1, 32, 52)
    plain = small().encode("audio", sound)
    assert plain.patches.shape == (1, 8, 24)
    torch.testing.assert_close(plain.embedding.norm(dim=-1), torch.ones(1))
    stock = small()
    assert SMALL.audio is not None
    table = SMALL.to_table() | {"audio": {**SMALL.to_table()["audio"], "audio_scale": 20.0}}
    stock.config = EncoderConfig.from_table(table)
    torch.testing.assert_close(stock.encode("audio", sound).embedding, 20 * plain.embedding)


@torch.no_grad()
def test_a_caption_is_read_up_to_its_highest_id() -> None:
    encoder = small()
    ids = torch.tensor([[1, 5, 7, 29, 0, 0]])
    changed_after = torch.tensor([[1, 5, 7, 29, 3, 4]])
    changed_before = torch.tensor([[1, 6, 7, 29, 0, 0]])
    whole = encoder.encode("text", ids).embedding
    torch.testing.assert_close(whole, encoder.encode("text", changed_after).embedding)
    assert not torch.allclose(whole, encoder.encode("text", changed_before).embedding)
    assert encoder.logit_scale.item() == pytest.approx(1 / 0.07)


@torch.no_grad()
def test_positions_are_interpolated_for_other_picture_sizes() -> None:
    encoder = small()
    assert encoder.encode("image", torch.randn(1, 3, 48, 48)).patches.shape == (1, 36, 24)
    helper = encoder.get_submodule("modality_preprocessors.vision.pos_embedding_helper")
    resized = helper((6, 6))
    own = helper.pos_embed
    plane = own[0, 1:].reshape(4, 4, -1).permute(2, 0, 1)[None]
    expected = functional.interpolate(plane, scale_factor=1.5, mode="bicubic")
    torch.testing.assert_close(resized[0, 1:], expected[0].flatten(1).T)
    torch.testing.assert_close(resized[:, 0], own[:, 0])


def test_the_picture_tower_computes_what_the_paper_says() -> None:
    """The whole tower again, from its weights, with plain matrix products."""
    encoder, picture = small(), torch.randn(1, 3, 32, 32)
    w = {name: tensor.double() for name, tensor in encoder.state_dict().items()}

    def norm(x: torch.Tensor, name: str) -> torch.Tensor:
        return functional.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-6)

    kernel = w["modality_preprocessors.vision.rgbt_stem.proj.1.weight"].sum(dim=2).flatten(1)
    tiles = functional.unfold(picture.double(), 8, stride=8)[0].T
    x = torch.cat([w["modality_preprocessors.vision.cls_token"][0], tiles @ kernel.T])
    x = x + w["modality_preprocessors.vision.pos_embedding_helper.pos_embed"][0]
    x = norm(x, "modality_trunks.vision.pre_transformer_layer.0")
    for i in range(2):
        block = f"modality_trunks.vision.blocks.{i}."
        y = norm(x, block + "norm_1")
        qkv = y @ w[block + "attn.in_proj_weight"].T + w[block + "attn.in_proj_bias"]
        heads = []
        for head in range(4):
            q, k, v = (qkv[:, j * 32 + head * 8 : j * 32 + head * 8 + 8] for j in range(3))
            heads.append((q @ k.T / math.sqrt(8)).softmax(dim=-1) @ v)
        x = x + torch.cat(heads, dim=1) @ w[block + "attn.out_proj.weight"].T
        x = x + w[block + "attn.out_proj.bias"]
        y = norm(x, block + "norm_2") @ w[block + "mlp.fc1.weight"].T + w[block + "mlp.fc1.bias"]
        y = y * 0.5 * (1 + torch.erf(y / math.sqrt(2)))
        x = x + y @ w[block + "mlp.fc2.weight"].T + w[block + "mlp.fc2.bias"]
    x = norm(x, "modality_heads.vision.0") @ w["modality_heads.vision.2.weight"].T
    x = functional.normalize(x, dim=-1).float()
    with torch.no_grad():
        features = encoder.encode("image", picture)
    torch.testing.assert_close(features.embedding[0], x[0], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(features.patches[0], x[1:], atol=1e-5, rtol=1e-4)


def test_every_tower_can_be_trained() -> None:
    encoder = ImageBindEncoder(SMALL)
    inputs = {
        "video": torch.randn(2, 1, 3, 2, 32, 32),
        "audio": torch.randn(2, 1, 1, 32, 52),
        "text": torch.randint(0, 30, (2, 10)),
    }
    features = [encoder.encode(modality, media) for modality, media in inputs.items()]
    total = sum((f.embedding * torch.randn(24)).sum() for f in features) * encoder.logit_scale
    total.backward()
    assert [n for n, p in encoder.named_parameters() if p.grad is None] == []


def test_a_tower_that_is_not_configured_is_not_there() -> None:
    encoder = ImageBindEncoder(EncoderConfig(embed_dim=24, vision=SMALL.vision))
    assert not any("audio" in name or "text" in name for name in encoder.state_dict())
    with pytest.raises(KnownError, match="expected one of image, video, found audio"):
        encoder.encode("audio", torch.zeros(1, 1, 1, 32, 52))


def test_a_wrong_layout_is_our_own_fault() -> None:
    with pytest.raises(BugError, match=r"video: expected \[B, S, 3, T, H, V\]"):
        small().encode("video", torch.zeros(1, 3, 2, 32, 32))
    with pytest.raises(BugError, match="expected 2 frames, found 3"):
        small().encode("video", torch.zeros(1, 1, 3, 3, 32, 32))


@torch.no_grad()
def test_a_saved_encoder_loads_to_the_same_features(tmp_path: Path) -> None:
    encoder = small()
    save_file(encoder.state_dict(), tmp_path / "encoder.safetensors")
    loaded = load_encoder(SMALL, tmp_path / "encoder.safetensors")
    assert not loaded.training
    picture = torch.randn(1, 3, 32, 32)
    torch.testing.assert_close(loaded.encode("image", picture), encoder.encode("image", picture))


def test_half_precision_files_become_float32(tmp_path: Path) -> None:
    state = {name: tensor.half() for name, tensor in small().state_dict().items()}
    save_file(state, tmp_path / "encoder.safetensors")
    loaded = load_encoder(SMALL, tmp_path / "encoder.safetensors")
    assert {tensor.dtype for tensor in loaded.state_dict().values()} == {torch.float32}


def test_every_tensor_that_does_not_fit_is_named(tmp_path: Path) -> None:
    state = dict(small().state_dict())
    del state["modality_heads.audio.2.weight"]
    state["modality_trunks.thermal.blocks.0.norm_1.bias"] = torch.zeros(4)
    state["modality_preprocessors.vision.cls_token"] = torch.zeros(1, 1, 16)
    save_file(state, tmp_path / "encoder.safetensors")
    with pytest.raises(KnownError) as caught:
        load_encoder(SMALL, tmp_path / "encoder.safetensors")
    text = str(caught.value)
    assert "in 3 tensors" in text
    assert "missing modality_heads.audio.2.weight [24, 32]" in text
    assert "left over modality_trunks.thermal.blocks.0.norm_1.bias [4]" in text
    assert "cls_token: expected [1, 1, 32], found [1, 1, 16]" in text
    assert "\n" not in text


def test_settings_come_from_a_table_and_go_back() -> None:
    assert EncoderConfig.from_table(SMALL.to_table()) == SMALL
    assert EncoderConfig.from_table({"vision": {}}) == EncoderConfig(vision=VisionConfig())
    assert EncoderConfig.from_table({"vision": {}, "audio": {}, "text": {}}) == EncoderConfig.huge()


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"vison": {}}, "vison"),
        ({"vision": {"patch": "8"}}, "patch"),
        ({"vision": {"patch": 0}}, "vision.patch must be above 0, found 0"),
        ({"vision": {"patch": 15}}, "vision.patch 15 does not divide 224 pixels"),
        ({"vision": {"crops": 2}}, "vision.crops must be 1 or 3, found 2"),
        ({"audio": {"heads": 5}}, "audio.heads 5 does not divide width 768"),
        ({"audio": {"mel_bins": 8}}, "audio.kernel 16 is larger than the spectrogram 8 x 204"),
    ],
)
def test_settings_that_cannot_work_are_one_clear_line(
    table: dict[str, object], problem: str
) -> None:
    with pytest.raises(KnownError) as caught:
        EncoderConfig.from_table(table)
    assert problem in str(caught.value)
