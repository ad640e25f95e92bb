"""A run that starts with the components of a bundle, so that Pocket can be trained further.

What lies in the bundle becomes the result of its stage, which then counts as done; media and
features are left to be made. Weights are float16 there, and keep that rounding. Knows the bundle's
files and a run's folders; trains nothing.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import gguf
import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from training.gguf.load import LanguagePart
from training.gguf.patch import read_vocabulary
from training.pocket import text_encoders
from training.pocket.sequences import SIGNAL_COUNTS, TEMPLATE
from training.pocket.unets import VAE_STAGE
from training.trainer import progress
from training.trainer.progress import Done

VAE_FILE = "diffusion_pytorch_model.safetensors"
ALIGNMENT = ("stage1", "stage2", "stage3", "stage4")


def begin(named: str, runs: Path) -> None:
    """Fill the folder of a new run with the parts of a bundle that `train pocket` made.

    Raises:
        KnownError: the folder is not empty, or the bundle is of another kind.
    """
    bundle = Bundle.open(find_bundle(named))
    signals = bundle.manifest.signals
    counts = {m: len(spec.token_ids) for m, spec in signals.items()}
    if counts != SIGNAL_COUNTS or bundle.manifest.template != TEMPLATE:
        raise KnownError(
            f"train pocket: expected a bundle that `medley train pocket` made, found "
            f"{bundle.manifest.name} with other signals or another template; name one of those "
            "with --from."
        )
    if runs.exists() and any(runs.iterdir()):
        raise KnownError(
            f"train pocket: {runs} already holds a run; name another folder with --out to begin "
            f"one from {bundle.manifest.name}."
        )
    _take_decoders(bundle, runs)
    _take_encoder(bundle, runs)
    _take_language_model(bundle, runs)


def _take_decoders(bundle: Bundle, runs: Path) -> None:
    for modality, spec in bundle.manifest.signals.items():
        source = bundle.folder / str(spec.decoder)
        unet = runs / f"{modality}-unet"
        _copy(source / "unet", unet / "unet")
        text = runs / text_encoders.STAGE[modality]
        if not text.exists():  # pictures and clips share one
            _copy(source / "text_encoder", text / "text_encoder")
            _copy(source / "tokenizer", text / "tokenizer")
        _take_autoencoder(source / "vae", runs / VAE_STAGE[modality] / "vae", unet / "vae")
    found = [*(f"{m}-unet" for m in SIGNAL_COUNTS), *text_encoders.READS]
    for stage in (*found, *VAE_STAGE.values()):
        _done(runs / stage)


def _take_autoencoder(source: Path, shared: Path, own: Path) -> None:
    """Pictures and clips may share one; a U-Net that learned on another keeps that beside it."""
    if not shared.exists():
        _copy(source, shared)
    elif not _same_weights(source, shared):
        _copy(source, own)


def _same_weights(source: Path, copied: Path) -> bool:
    """True if a folder's weights are those of one that was copied."""
    one, other = (load_file(folder / VAE_FILE) for folder in (source, copied))
    same_names = one.keys() == other.keys()
    return same_names and all(torch.equal(one[name].float(), other[name]) for name in one)


def _take_encoder(bundle: Bundle, runs: Path) -> None:
    spec = bundle.manifest.encoder
    if spec is None:
        raise KnownError(f"train pocket: the bundle {bundle.manifest.name} has no encoder.")
    folder = runs / "encoder"
    _copy(bundle.folder / "encoder_tokenizer", folder / "tokenizer")
    shutil.copyfile(bundle.path(spec.file), folder / "encoder.safetensors")
    (folder / "config.json").write_text(json.dumps(spec.config))
    _done(folder)


def _take_language_model(bundle: Bundle, runs: Path) -> None:
    """The language model as it is now stands for the untrained one and for every stage's."""
    manifest = bundle.manifest
    file = bundle.path(manifest.language_model.file)
    model = _plain(LanguagePart(file, bundle).load())
    model.save_pretrained(runs / "language" / "model")
    tokenizer_of(file).save(str(runs / "language" / "tokenizer.json"))
    _done(runs / "language")
    whole: dict[str, Tensor] = {f"language.{name}": t for name, t in model.state_dict().items()}
    if manifest.input_projection is None:
        raise KnownError(f"train pocket: the bundle {manifest.name} has no input projection.")
    parts = {"input_projection": manifest.input_projection.file}
    parts |= {f"output_projections.{m}": str(s.projection) for m, s in manifest.signals.items()}
    for prefix, part in parts.items():
        whole |= {f"{prefix}.{name}": t for name, t in load_file(bundle.path(part)).items()}
    for stage in ALIGNMENT:
        (runs / stage).mkdir(parents=True)
        state = {name: tensor.float().contiguous() for name, tensor in whole.items()}
        save_file(state, runs / stage / "model.safetensors")
        _done(runs / stage)


def _plain(loaded: PreTrainedModel) -> LlamaForCausalLM:
    """The model without any trace of the GGUF that it was read from."""
    settings = loaded.config.to_dict()
    settings.pop("quantization_config", None)
    model = LlamaForCausalLM(LlamaConfig.from_dict(settings))
    model.load_state_dict(loaded.state_dict())
    return model.eval()


def tokenizer_of(file: Path) -> Tokenizer:
    """The byte-level BPE tokenizer of a GGUF that `export_gguf` wrote."""
    vocabulary = read_vocabulary(file)
    field = gguf.GGUFReader(file).fields["tokenizer.ggml.merges"]
    merges: list[Any] = [tuple(str(merge).split(" ")) for merge in field.contents()]
    special = [vocabulary.tokens[i] for i in sorted(vocabulary.control)]
    ids = {token: i for i, token in enumerate(vocabulary.tokens) if token not in special}
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in special]
    )
    return tokenizer


def _copy(source: Path, target: Path) -> None:
    """A folder, its weights as the float32 in which training computes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target)
    for path in target.glob("*.safetensors"):
        state = {name: t.float().contiguous() for name, t in load_file(path).items()}
        save_file(state, path, metadata={"format": "pt"})
    config = target / "config.json"
    if config.is_file():
        settings = json.loads(config.read_text("utf-8"))
        settings.pop("dtype", None)
        config.write_text(json.dumps(settings, indent=2, sort_keys=True), "utf-8")


def _done(folder: Path) -> None:
    progress.write(Done(0.0), folder / "done")
