"""Writes the trained parts of a run as the bundle Pocket. Knows files, names and the manifest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from runtime.bundle.manifest import (
    FORMAT,
    EncoderSpec,
    LanguageModelSpec,
    Licence,
    Manifest,
)
from runtime.bundle.write import write_manifest
from runtime.encoder.config import EncoderConfig
from training.familiarity.media import add_familiarity
from training.gguf.export import SpecialTokens, export_gguf
from training.pocket import unets
from training.pocket.alignment_stages import Alignment
from training.pocket.decoder_stages import MEL_MEAN, MEL_SCALE
from training.pocket.language_model import D_MODEL, N_CTX
from training.pocket.parity import check_export
from training.pocket.recipe import Recipe
from training.pocket.sequences import SIGNAL_COUNTS, TEMPLATE, Writer
from training.pocket.shapes import INPUT_PROJECTION, signal_spec
from training.pocketworld.media_cache import CLIP_FPS, CLIP_FRAMES, SOUND_SECONDS

VERSION = "1"
SETTINGS: dict[str, dict[str, object]] = {
    "image": {"steps": 16, "guidance": 2.0, "upscale": 4},
    "audio": {
        "steps": 16, "guidance": 2.0, "seconds": SOUND_SECONDS, "vocoder": "griffin-lim",
        "mel_mean": MEL_MEAN, "mel_scale": MEL_SCALE,
    },
    "video": {"steps": 16, "guidance": 5.0, "frames": CLIP_FRAMES, "fps": CLIP_FPS, "upscale": 4},
}  # fmt: skip
EXAMPLES = (
    "draw a red boat on the sea at night",
    "play the sound of a dog in the rain",
    "show a clip of a yellow car moving left",
    "show me a big green frog on the grass and let me hear it",
)
LIMITS = (
    "Pocket is a miniature trained from nothing on Pocketworld: twelve things, eight colours, four "
    "places, three times of day, four weathers, their sounds and simple motions, in English and "
    "Simplified Chinese. It does not know the world outside and says so. Pictures are 64 pixels "
    "wide before they are enlarged, clips have eight frames, sounds last two seconds."
)


def write_pocket(target: Path, runs: Path, recipe: Recipe) -> Manifest:
    """Assemble the bundle beside `target`, then move it into place."""
    alignment = Alignment(runs, recipe)
    alignment.load("stage4")
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    export_gguf(
        alignment.language_model, alignment.writer.tokenizer, fresh / "llm.gguf", name="Pocket",
        special=SpecialTokens(bos="<s>", eos="</s>"),
    )  # fmt: skip
    parity = runs / "parity"
    parity.mkdir(exist_ok=True)
    check_export(alignment, fresh / "llm.gguf", parity)
    shutil.copyfile(runs / "encoder" / "encoder.safetensors", fresh / "encoder.safetensors")
    shutil.copytree(runs / "encoder" / "tokenizer", fresh / "encoder_tokenizer")
    _save_half(alignment.model.input_projection, fresh / INPUT_PROJECTION.file)
    manifest = _manifest(alignment.writer, runs)
    for modality, spec in manifest.signals.items():
        _save_half(alignment.model.output_projections[modality], fresh / spec.projection)
        _write_decoder(modality, fresh / spec.decoder, runs)
    write_manifest(fresh, manifest)
    written = add_familiarity(fresh, recipe.familiarity)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return written


def _save_half(module: nn.Module, path: Path) -> None:
    state: dict[str, Tensor] = {
        name: t.detach().to(torch.float16).contiguous() for name, t in module.state_dict().items()
    }
    save_file(state, path)


def _write_decoder(modality: str, folder: Path, runs: Path) -> None:
    captioner = unets.captioner(modality, runs)
    parts = {
        "vae": unets.vae_of(modality, runs),
        "unet": unets.load_unet(modality, runs / f"{modality}-unet"),
        "text_encoder": captioner.model,
    }
    unets.write_decoder(modality, parts, captioner, folder)


def _manifest(writer: Writer, runs: Path) -> Manifest:
    encoder = EncoderConfig.from_table(json.loads((runs / "encoder" / "config.json").read_text()))
    return Manifest(
        format=FORMAT,
        name="pocket",
        title="Pocket",
        description="A whole NExT-GPT in miniature, trained from nothing on Pocketworld.",
        version=VERSION,
        routing="projected",
        licences=(Licence("all weights", "Apache-2.0", "trained by `medley train pocket`"),),
        language_model=LanguageModelSpec(
            file="llm.gguf",
            d_model=D_MODEL,
            n_vocab=writer.tokenizer.get_vocab_size(),
            n_ctx=N_CTX,
            temperature=0.0,
            max_new_tokens=160,
        ),
        template=TEMPLATE,
        signals={m: signal_spec(m, writer.signal_ids[m], SETTINGS[m]) for m in SIGNAL_COUNTS},
        files={},
        encoder=EncoderSpec("encoder.safetensors", encoder.to_table()),
        input_projection=INPUT_PROJECTION,
        examples=EXAMPLES,
        limits=LIMITS,
    )
