"""What networks take once they are loaded, told by the heads of their files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from plugins.builtin import loading
from plugins.errors import KnownError
from runtime import needs
from runtime.bundle.bundle import Bundle
from runtime.components import load as components
from runtime.needs import networks
from tests import tiny_decoders


def test_half_precision_counts_double_since_networks_compute_in_float32(tmp_path: Path) -> None:
    file = tmp_path / "half.safetensors"
    save_file(
        {
            "weights": torch.zeros(10, 20, dtype=torch.float16),
            "bias": torch.zeros(5, dtype=torch.bfloat16),
            "ids": torch.zeros(3, dtype=torch.int64),
            "scale": torch.tensor(1.0),
        },
        file,
    )
    assert needs.network(file) == (200 + 5 + 1) * 4 + 3 * 8


@pytest.mark.parametrize("data", [b"", b"\x05\0\0\0\0\0\0\0hello", b"\xff" * 16])
def test_a_broken_file_is_named(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "broken.safetensors"
    file.write_bytes(data)
    with pytest.raises(KnownError, match=r"broken\.safetensors: expected a safetensors file"):
        needs.network(file)


def test_a_file_with_numbers_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    file = tmp_path / "odd.safetensors"
    header = b'{"a":{"dtype":"Q7","shape":[2],"data_offsets":[0,2]}}'
    file.write_bytes(len(header).to_bytes(8, "little") + header + b"\0\0")
    with pytest.raises(KnownError, match="numbers of the kind Q7"):
        needs.network(file)


def test_an_encoder_and_a_projection_take_what_was_counted(tiny_bundle: Bundle) -> None:
    encoder, projection = components.encoder_specs(tiny_bundle)
    for file, network in (
        (encoder.file, components.encoder(tiny_bundle)),
        (projection.file, components.input_projection(tiny_bundle)),
    ):
        tensors = network.state_dict().values()
        size = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        assert needs.network(tiny_bundle.path(file)) == size


@pytest.mark.parametrize("modality", ["image", "audio", "video"])
def test_a_decoder_takes_what_its_renderer_reserves(tiny_bundle: Bundle, modality: str) -> None:
    folder = tiny_bundle.path(tiny_bundle.manifest.signals[modality].decoder)
    components_ = loading.components_of(folder)
    said = networks.decoder(folder)
    assert said == pytest.approx(loading.resident_bytes(folder, components_, "cpu"), rel=0.01)


def test_on_a_card_what_is_stored_in_half_stays_so(tmp_path: Path) -> None:
    for name, kind in (("unet", torch.float16), ("vae", torch.float32)):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "diffusion_pytorch_model.safetensors"
        save_file({"weights": torch.zeros(100, dtype=kind)}, file)
    assert networks.decoder(tmp_path) == 800
    assert networks.decoder(tmp_path, "cuda:0") == 200 + 400


def test_shards_of_a_decoder_are_counted_together(tmp_path: Path) -> None:
    part = tmp_path / "unet"
    part.mkdir()
    for number in (1, 2):
        save_file({f"w{number}": torch.zeros(50)}, part / f"model-{number}.safetensors")
    index = part / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text('{"weight_map": {"w1": "model-1.safetensors", "w2": "model-2.safetensors"}}')
    assert networks.decoder(tmp_path) == 400
    assert len(networks.weight_files(tmp_path)) == 2
    index.write_text("[]")
    with pytest.raises(KnownError, match="expected a list of weight files"):
        networks.decoder(tmp_path)


def test_what_is_never_loaded_is_not_counted(tmp_path: Path) -> None:
    tiny_decoders.write_all(tmp_path, 0)
    before = networks.decoder(tmp_path / "image")
    (tmp_path / "image" / "safety_checker").mkdir()
    file = tmp_path / "image" / "safety_checker" / "model.safetensors"
    save_file({"weights": torch.zeros(1000)}, file)
    assert networks.decoder(tmp_path / "image") == before
