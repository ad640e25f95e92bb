"""Strict loading: every difference between folder and configuration is an error that names it."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from plugins.builtin import loading
from plugins.builtin.loading import components_of, load_component, resident_bytes
from plugins.errors import KnownError

Tensors = dict[str, torch.Tensor]
WEIGHTS = {
    "unet": ("diffusion_pytorch_model.safetensors", "conv_in.weight"),
    "vae": ("diffusion_pytorch_model.safetensors", "decoder.conv_out.bias"),
    "text_encoder": ("model.safetensors", "final_layer_norm.weight"),
}
every_model = pytest.mark.parametrize("component", WEIGHTS)


@pytest.fixture
def folder(decoders: Path, tmp_path: Path) -> Path:
    """A decoder that may be spoiled."""
    return shutil.copytree(decoders / "image", tmp_path / "image")


def load(folder: Path, component: str) -> torch.nn.Module:
    model: torch.nn.Module = load_component(
        folder, component, components_of(folder)[component], "cpu"
    )
    return model


def edit(folder: Path, component: str, change: Callable[[Tensors, str], None]) -> None:
    file, name = WEIGHTS[component]
    path = folder / component / file
    tensors = {k: v.clone() for k, v in load_file(path).items()}
    change(tensors, next(k for k in tensors if k.endswith(name)))
    path.unlink()
    save_file(tensors, path, metadata={"format": "pt"})


@every_model
def test_a_whole_component_loads_in_float32_and_frozen(folder: Path, component: str) -> None:
    model = load(folder, component)

    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert not any(p.requires_grad for p in model.parameters())
    assert not model.training


def test_float16_weights_become_float32_on_the_cpu(decoders: Path) -> None:
    folder = decoders / "pocket-image"
    stored = load_file(folder / "unet" / WEIGHTS["unet"][0])["conv_in.weight"]

    model = load(folder, "unet")

    assert stored.dtype == torch.float16
    assert torch.equal(dict(model.named_parameters())["conv_in.weight"], stored.float())


@every_model
def test_a_missing_tensor_is_named(folder: Path, component: str) -> None:
    edit(folder, component, lambda tensors, name: tensors.__delitem__(name))

    with pytest.raises(KnownError, match=f"{WEIGHTS[component][1]} is missing"):
        load(folder, component)


@every_model
def test_a_tensor_left_over_is_named(folder: Path, component: str) -> None:
    edit(folder, component, lambda tensors, _: tensors.update(stray=torch.zeros(2)))

    with pytest.raises(KnownError, match="stray is left over"):
        load(folder, component)


@every_model
def test_a_wrong_shape_is_named_with_both_shapes(folder: Path, component: str) -> None:
    shapes: list[list[int]] = []

    def reshape(tensors: Tensors, name: str) -> None:
        shapes.append(list(tensors[name].shape))
        tensors[name] = torch.zeros(3, 5)

    edit(folder, component, reshape)

    with pytest.raises(KnownError) as refused:
        load(folder, component)
    expected = f"{WEIGHTS[component][1]} has shape [3, 5] instead of {shapes[0]}"
    assert expected in str(refused.value)


@every_model
def test_a_cut_off_file_is_refused(folder: Path, component: str) -> None:
    path = folder / component / WEIGHTS[component][0]
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(KnownError, match="cannot be read"):
        load(folder, component)


@every_model
def test_random_bytes_are_refused(folder: Path, component: str) -> None:
    (folder / component / WEIGHTS[component][0]).write_bytes(bytes(range(256)) * 9)

    with pytest.raises(KnownError, match="cannot be read"):
        load(folder, component)


@every_model
def test_a_pickle_is_never_opened(folder: Path, component: str, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    (folder / component / WEIGHTS[component][0]).unlink()
    for name in ("diffusion_pytorch_model.bin", "pytorch_model.bin"):
        (folder / component / name).write_bytes(pickle.dumps(_Trap(str(trap))))

    with pytest.raises(KnownError, match="convert the weights to safetensors"):
        load(folder, component)
    assert not trap.exists()


@pytest.mark.parametrize(
    ("component", "file"),
    [
        ("unet", "config.json"),
        ("text_encoder", "config.json"),
        ("scheduler", "scheduler_config.json"),
        ("tokenizer", "tokenizer.json"),
    ],
)
def test_broken_settings_are_refused_with_their_folder(
    folder: Path, component: str, file: str
) -> None:
    (folder / component / file).write_text("{")

    with pytest.raises(KnownError, match=f"{component}: it cannot be read"):
        load(folder, component)


def test_a_missing_component_folder_is_named(folder: Path) -> None:
    shutil.rmtree(folder / "vae")

    with pytest.raises(KnownError, match="expected the folder vae"):
        load(folder, "vae")


@pytest.mark.parametrize(
    "entry", [["os", "system"], ["diffusers", "DiffusionPipeline"], ["transformers", "pipeline"]]
)
def test_only_models_tokenizers_and_schedulers_are_built(folder: Path, entry: list[str]) -> None:
    index = json.loads((folder / "model_index.json").read_text())
    index["unet"] = entry
    (folder / "model_index.json").write_text(json.dumps(index))

    with pytest.raises(KnownError, match=f"component unet asks for {entry[0]}"):
        components_of(folder)


def test_weights_under_their_published_names_are_understood(folder: Path) -> None:
    """Stable Diffusion 1.5 as published: older tensor names, a stored buffer, a float16 variant."""
    text = folder / "text_encoder" / "model.safetensors"
    tensors = {f"text_model.{k}": v.half() for k, v in load_file(text).items()}
    tensors["text_model.embeddings.position_ids"] = torch.arange(8)[None]
    save_file(tensors, text.with_name("model.fp16.safetensors"), metadata={"format": "pt"})
    text.unlink()
    vae = folder / "vae" / WEIGHTS["vae"][0]
    older = {".to_q.": ".query.", ".to_k.": ".key.", ".to_v.": ".value."}
    older[".to_out.0."] = ".proj_attn."
    renamed = {}
    for name, tensor in load_file(vae).items():
        old_name = name
        for new, old in older.items():
            old_name = old_name.replace(new, old)
        renamed[old_name] = tensor.clone()
    vae.unlink()
    save_file(renamed, vae, metadata={"format": "pt"})

    assert next(load(folder, "text_encoder").parameters()).dtype == torch.float32
    assert any(".query." in name for name in renamed)
    load(folder, "vae")


def test_the_size_in_memory_is_that_of_the_tensors(decoders: Path) -> None:
    for name in ("image", "pocket-image"):
        folder = decoders / name
        components = components_of(folder)
        models = [load_component(folder, c, components[c], "cpu") for c in WEIGHTS]
        expected = sum(t.numel() * 4 for m in models for t in m.state_dict().values())

        assert resident_bytes(folder, components, "cpu") == expected
    assert resident_bytes(decoders / "pocket-image", components, "cuda:0") == expected // 2


class _Trap:
    """Writes a file when unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.path, "w")


@pytest.mark.parametrize(
    ("kind", "loaded"),
    [(torch.bfloat16, torch.bfloat16), (torch.float16, torch.float16), (torch.float32,) * 2],
)
def test_on_a_gpu_numbers_keep_the_type_that_most_are_stored_in(
    folder: Path, kind: torch.dtype, loaded: torch.dtype
) -> None:
    file = folder / "unet" / WEIGHTS["unet"][0]
    tensors = {name: tensor.to(kind) for name, tensor in load_file(file).items()}
    small = min(tensors, key=lambda name: tensors[name].numel())
    tensors[small] = tensors[small].float()
    save_file(tensors, file, metadata={"format": "pt"})

    assert loading.precision(folder, "unet", "cuda:0") == loaded
    assert loading.precision(folder, "unet", "cpu") == torch.float32
