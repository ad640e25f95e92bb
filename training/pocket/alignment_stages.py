"""The three stages of the paper: encoding-side alignment, decoding-side alignment, MosIT.

Each freezes what the paper freezes and says what share of the whole it trains. Knows the order of
work and the files of a run; the model and its losses are in `alignment`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import LlamaForCausalLM

from plugins.errors import BugError
from runtime.encoder.config import EncoderConfig
from runtime.encoder.model import ImageBindEncoder, load_encoder
from training.dialogues import dialogues
from training.dialogues.dialogues import Exchange, Medium, made, shown
from training.dialogues.phrasings import BOOKS
from training.nextgpt.denoising import weighted_loss
from training.pocket import decoder_stages, text_encoders, unets
from training.pocket import language_model as language_model_module
from training.pocket.attribute_probes import AttributeProbes
from training.pocket.decoder_stages import NEW_DECODERS
from training.pocket.encoder import MODALITIES, media_tensors
from training.pocket.language_model import D_MODEL
from training.pocket.recipe import STAGES, Recipe
from training.pocket.sequences import (
    MEDIA_POSITIONS,
    Batch,
    TrainingSequence,
    Writer,
    similar_lengths,
)
from training.pocket.shapes import Teachers, new_nextgpt
from training.pocketworld.scene import Scene, pick
from training.trainer import devices
from training.trainer.loop import LossOf, parameters_of, train
from training.trainer.progress import Parameters
from training.trainer.stages import find

Rng = np.random.Generator
READING = 2.0
"""Weight of the attribute readers beside captioning in stage 1."""


def trained_encoder(runs: Path) -> ImageBindEncoder:
    """Pocket's encoder, frozen."""
    folder = runs / "encoder"
    config = EncoderConfig.from_table(json.loads((folder / "config.json").read_text()))
    return load_encoder(config, folder / "encoder.safetensors")


@torch.inference_mode()
def write_features(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Patch tokens of every training medium, once: float16 [M, P, E] a modality."""
    device = devices.device()
    encoder = trained_encoder(runs).to(device)
    for modality in MODALITIES:
        count = recipe.media[modality]
        _, media = media_tensors(encoder.config, modality, count, recipe.seed, runs / "data")
        parts = [
            encoder.encode(modality, media[i : i + 64].to(device).float()).patches.half().cpu()
            for i in range(0, len(media), 64)
        ]
        save_file({"patches": torch.cat(parts).clone()}, folder / f"{modality}.safetensors")


class Alignment:
    """The context that stages 1 to 3 share: the model, the pool of media and the teachers."""

    def __init__(self, runs: Path, recipe: Recipe) -> None:
        self.runs, self.recipe = runs, recipe
        model, self.writer = language_model_module.load(runs / "language")
        torch.manual_seed(recipe.seed)
        self.model = new_nextgpt(model, self.writer).eval()
        self.pool: dict[str, list[Scene]] = {}
        for modality, count in recipe.media.items():
            name = f"{modality}-{count}-{recipe.seed}.json"
            scenes = json.loads((runs / "data" / name).read_text())
            self.pool[modality] = [Scene(**scene) for scene in scenes]
        self.teachers = Teachers(
            features={
                m: load_file(runs / "features" / f"{m}.safetensors")["patches"] for m in MODALITIES
            },
            captioners={m: unets.captioner(m, runs) for m in MODALITIES},
        )

    @property
    def language_model(self) -> LlamaForCausalLM:
        """The plain language model inside."""
        language_model = self.model.language
        if not isinstance(language_model, LlamaForCausalLM):
            raise BugError(f"expected a Llama, found {type(language_model).__name__}")
        return language_model

    def load(self, stage: str) -> None:
        """Take up the whole model as an earlier stage left it."""
        self.model.load_state_dict(load_file(self.runs / stage / "model.safetensors"))

    def save(self, folder: Path) -> None:
        """The whole model, float32."""
        state = {name: t.detach().contiguous() for name, t in self.model.state_dict().items()}
        save_file(state, folder / "model.safetensors")

    def learn(
        self, stage: str, loss_of: LossOf, folder: Path, *, steps: int, lr: float,
        trained: int | None = None, helper: nn.Module | None = None, **settings: Any,
    ) -> None:  # fmt: skip
        """Train what wants gradients, or `trained` parameters of it, with the settings of `train`;
        the rest of the model, the encoder and the decoders count as frozen. `helper` learns along,
        and does not count."""
        found = parameters_of(self.model)
        counted = found.trained if trained is None else trained
        module = self.model if helper is None else nn.ModuleList([self.model, helper])
        train(
            stage, module, loss_of, folder=folder, steps=steps, lr=lr, seed=self.recipe.seed,
            parameters=Parameters(counted, found.total + beyond(self.runs)), **settings,
        )  # fmt: skip

    def batch(self, make: Callable[[Rng], TrainingSequence], rng: Rng) -> Batch:
        """A padded batch of similar lengths."""
        size = self.recipe.align_batch
        return self.writer.batch(similar_lengths(lambda: make(rng), size, rng, pool=8))


def beyond(runs: Path) -> int:
    """Parameters of the encoder and of the three decoders, which no stage of alignment trains; of
    those that are not trained yet, as many as they will have."""
    return sum(_count(runs, name) for name in ("encoder", *text_encoders.READS, *NEW_DECODERS))


def _count(runs: Path, stage: str) -> int:
    if not (runs / stage / "done").is_file():
        with torch.device("meta"):
            return parameters_of(NEW_DECODERS[stage]()).total
    result = runs / stage / find(stage, STAGES).result
    files = [result] if result.is_file() else sorted(result.rglob("*.safetensors"))
    return sum(_numbers_in(path) for path in files)


def _numbers_in(path: Path) -> int:
    with safe_open(path, framework="pt") as file:
        return sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())


def stage1(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Encoding-side alignment: the input projection learns to caption; all else is frozen.

    Attribute readers help: captions alone leave the projection where it drops colour and time of
    day, the least of a caption's words, for good.
    """
    alignment = Alignment(runs, recipe)
    model = alignment.model
    model.requires_grad_(False)
    model.input_projection.requires_grad_(True)

    def make(rng: Rng) -> TrainingSequence:
        draw = rng.random()
        if draw < 0.85:
            modality = ("image", "image", "video", "audio")[int(rng.integers(4))]
            exchange = dialogues.describe(modality, rng, alignment.pool)
        else:
            exchange = dialogues.turn_into(rng, alignment.pool)
        return alignment.writer.write((exchange,), signals=False)

    readers = AttributeProbes(MEDIA_POSITIONS * D_MODEL)

    def loss_of(_: int, rng: Rng) -> dict[str, Tensor]:
        batch = alignment.batch(make, rng)
        projected = model.project(batch, alignment.teachers)
        losses = model.losses(batch, alignment.teachers, projected)
        read = [
            readers.loss(modality, positions.flatten(1), [medium.scene for _, _, medium in places])
            for modality, (places, positions) in projected.items()
        ]
        reading = torch.stack(read).mean()
        return {**losses, "loss": losses["loss"] + READING * reading, "attributes": reading}

    alignment.learn("stage 1", loss_of, folder, steps=recipe.stage1_steps, lr=2e-3, helper=readers)
    alignment.save(folder)


def stage2(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Decoding-side alignment: output projections and the rows of the signal tokens learn, from
    the decoders' text encoders and from what the U-Nets of pictures and sounds make of the
    projected conditions. Clips', which may not be done yet, follows in stage 4."""
    alignment = Alignment(runs, recipe)
    alignment.load("stage1")
    model = alignment.model
    model.requires_grad_(False)
    model.output_projections.requires_grad_(True)
    projections = parameters_of(model).trained
    rows = SignalRows(alignment.language_model, alignment.writer)
    decoders_ = [Denoising(modality, alignment) for modality in ("image", "audio")]

    def make(rng: Rng) -> TrainingSequence:
        modality = ("image", "image", "audio", "video", "video")[int(rng.integers(5))]
        return alignment.writer.write((dialogues.request(modality, rng),))

    def loss_of(step: int, rng: Rng) -> dict[str, Tensor]:
        losses = model.losses(alignment.batch(make, rng), alignment.teachers)
        turn, rest = divmod(step, recipe.stage2_denoise_every)
        return losses if rest else decoders_[turn % len(decoders_)].added(losses, rng)

    alignment.learn(
        "stage 2", loss_of, folder, steps=recipe.stage2_steps, lr=1.5e-3, weight_decay=0.0,
        after_backward=rows.keep_only_signals, trained=projections + rows.count,
    )  # fmt: skip
    alignment.save(folder)


class SignalRows:
    """Lets only the signal tokens' rows of the embedding and of the head learn."""

    def __init__(self, language_model: LlamaForCausalLM, writer: Writer) -> None:
        self.weights = [
            language_model.get_input_embeddings().weight,
            language_model.get_output_embeddings().weight,
        ]
        for weight in self.weights:
            weight.requires_grad_(True)
        self.frozen = torch.ones(len(self.weights[0]), dtype=torch.bool)
        for ids in writer.signal_ids.values():
            self.frozen[ids] = False

    @property
    def count(self) -> int:
        """Parameters in these rows."""
        return int((~self.frozen).sum()) * sum(weight.shape[1] for weight in self.weights)

    def keep_only_signals(self) -> None:
        """Zero the other rows' gradients."""
        for weight in self.weights:
            if weight.grad is not None:
                weight.grad[self.frozen] = 0.0


DENOISED = {"image": (1024, 8), "audio": (1024, 8), "video": (256, 2)}
"""The media whose latents are denoised, and how many of them at once, by modality."""


class Denoising:
    """The latent denoising loss of one modality: can the frozen U-Net denoise under a projected
    condition?"""

    def __init__(self, modality: str, alignment: Alignment) -> None:
        self.modality, self.alignment = modality, alignment
        known, self.batch = DENOISED[modality]
        self.scenes, self.latents = decoder_stages.latents(
            modality, alignment.recipe, alignment.runs, known
        )
        self.unet = unets.load_unet(modality, alignment.runs / f"{modality}-unet").to(
            devices.device()
        )
        self.scheduler = unets.new_scheduler()

    def loss(self, rng: Rng) -> Tensor:
        """Velocity error under the conditions of requests for media at hand, by min-SNR weights."""
        picks = rng.integers(0, len(self.scenes), self.batch)
        model, writer = self.alignment.model, self.alignment.writer
        batch = writer.batch([writer.write((self._asked(self.scenes[i], rng),)) for i in picks])
        hidden = model.hidden(batch, self.alignment.teachers)
        conditions = model.conditions(self.modality, batch.signals, hidden)
        denoise = partial(unets.denoise, self.modality, self.unet, conditions)
        latents = self.latents[torch.from_numpy(picks)].to(conditions.device)
        return weighted_loss(denoise, latents, self.scheduler)

    def added(self, losses: Mapping[str, Tensor], rng: Rng) -> dict[str, Tensor]:
        """These losses and this one, which counts as the others do."""
        loss = self.loss(rng)
        return {**losses, "loss": losses["loss"] + loss, f"{self.modality} denoising": loss}

    def _asked(self, scene: Scene, rng: Rng) -> Exchange:
        """A request for exactly this scene, and the answer that makes it."""
        text = pick(BOOKS["en"].request[self.modality], rng)
        wish = shown(Medium(self.modality, scene))
        return Exchange((), text.format(x=wish), made(self.modality, scene))


def stage3(folder: Path, runs: Path, recipe: Recipe) -> None:
    """MosIT: LoRA on the language model, its embeddings, and both projections, on dialogues of
    every mix of modalities. The LoRA is merged at the end."""
    alignment = Alignment(runs, recipe)
    alignment.load("stage2")
    model = alignment.model
    plain = alignment.language_model
    torch.manual_seed(recipe.seed)
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    lora = LoraConfig(
        r=recipe.lora_rank, lora_alpha=2 * recipe.lora_rank, lora_dropout=0.0,
        target_modules=targets, task_type="CAUSAL_LM",
    )  # fmt: skip
    adapted = get_peft_model(plain, lora)
    model.language = adapted
    plain.get_input_embeddings().weight.requires_grad_(True)
    plain.get_output_embeddings().weight.requires_grad_(True)

    def make(rng: Rng) -> TrainingSequence:
        return alignment.writer.write(dialogues.dialogue(rng, alignment.pool), cuts=rng)

    def loss_of(_: int, rng: Rng) -> dict[str, Tensor]:
        return model.losses(alignment.batch(make, rng), alignment.teachers)

    alignment.learn("stage 3", loss_of, folder, steps=recipe.stage3_steps, lr=1.2e-3, warmup=60)
    model.language = adapted.merge_and_unload()
    model.requires_grad_(False)
    alignment.save(folder)
