"""The three stages of the paper: encoding-side alignment, decoding-side alignment, MosIT.

Each freezes what the paper freezes and prints the share that it trains. Knows the order of work
and the files of a run; the model and its losses are in `alignment`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import LlamaForCausalLM

from plugins.errors import BugError
from runtime.encoder.config import EncoderConfig
from runtime.encoder.model import ImageBindEncoder, load_encoder
from training import decoders, dialogues, language, pocket_decoders
from training.alignment import NextGpt, Teachers
from training.autoencoder import latents_of
from training.dialogues import Medium
from training.encoder import MODALITIES, media_tensors
from training.loop import train
from training.pocketworld.scene import Scene
from training.recipe import Recipe
from training.sequences import Batch, Line, Writer, similar_lengths

Rng = np.random.Generator


def trained_encoder(runs: Path) -> ImageBindEncoder:
    """Pocket's encoder, frozen."""
    folder = runs / "encoder"
    config = EncoderConfig.from_table(json.loads((folder / "config.json").read_text()))
    return load_encoder(config, folder / "encoder.safetensors")


@torch.inference_mode()
def write_features(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Patch tokens of every training medium, once: float16 [M, P, E] a modality."""
    encoder = trained_encoder(runs)
    counts = {"image": recipe.pictures, "video": recipe.clips, "audio": recipe.sounds}
    for modality in MODALITIES:
        _, media = media_tensors(
            encoder.config, modality, counts[modality], recipe.seed, runs / "data"
        )
        parts = [
            encoder.encode(modality, media[i : i + 64].float()).patches.half()
            for i in range(0, len(media), 64)
        ]
        save_file({"patches": torch.cat(parts).clone()}, folder / f"{modality}.safetensors")


class School:
    """What all three stages share: the model, the pool of media and the teachers."""

    def __init__(self, runs: Path, recipe: Recipe) -> None:
        self.runs, self.recipe = runs, recipe
        model, self.writer = language.load(runs / "language")
        torch.manual_seed(recipe.seed)
        self.model = NextGpt(model, self.writer).eval()
        counts = {"image": recipe.pictures, "video": recipe.clips, "audio": recipe.sounds}
        self.pool: dict[str, list[Scene]] = {}
        for modality, count in counts.items():
            name = f"{modality}-{count}-{recipe.seed}.json"
            scenes = json.loads((runs / "data" / name).read_text())
            self.pool[modality] = [Scene(**scene) for scene in scenes]
        self.teachers = Teachers(
            features={
                m: load_file(runs / "features" / f"{m}.safetensors")["patches"] for m in MODALITIES
            },
            captioners={m: decoders.Captioner(m, runs / f"{m}-text") for m in MODALITIES},
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

    def batch(self, make: Callable[[Rng], Line], rng: Rng) -> Batch:
        """A padded batch of similar lengths."""
        size = self.recipe.align_batch
        return self.writer.batch(similar_lengths(lambda: make(rng), size, rng, pool=2))


def announce(stage: str, module: nn.Module) -> None:
    """Print trained and total parameters."""
    total = sum(p.numel() for p in module.parameters())
    trained = sum(p.numel() for p in module.parameters() if p.requires_grad)
    print(
        f"{stage}: training {trained:,} of {total:,} parameters ({trained / total:.1%})", flush=True
    )


def stage1(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Encoding-side alignment: the input projection learns to caption; all else is frozen."""
    school = School(runs, recipe)
    model = school.model
    model.requires_grad_(False)
    model.input_projection.requires_grad_(True)
    announce("stage 1", model)

    def make(rng: Rng) -> Line:
        draw = rng.random()
        if draw < 0.85:
            modality = ("image", "image", "video", "audio")[int(rng.integers(4))]
            exchange = dialogues.describe(modality, rng, school.pool)
        else:
            exchange = dialogues.turn_into(rng, school.pool)
        return school.writer.write((exchange,), signals=False)

    def loss_of(_: int, rng: Rng) -> dict[str, Tensor]:
        return model.losses(school.batch(make, rng), school.teachers)

    train(
        "stage 1", model, loss_of, folder=folder, steps=recipe.stage1_steps, lr=2e-3,
        seed=recipe.seed,
    )  # fmt: skip
    school.save(folder)


def stage2(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Decoding-side alignment: output projections and the rows of the signal tokens learn."""
    school = School(runs, recipe)
    school.load("stage1")
    model = school.model
    model.requires_grad_(False)
    model.output_projections.requires_grad_(True)
    rows = SignalRows(school.language_model, school.writer)
    announce("stage 2", model)
    denoising = Denoising(runs, recipe)

    def make(rng: Rng) -> Line:
        modality = ("image", "image", "audio", "video", "video")[int(rng.integers(5))]
        return school.writer.write((dialogues.request(modality, rng),))

    def loss_of(step: int, rng: Rng) -> dict[str, Tensor]:
        losses = model.losses(school.batch(make, rng), school.teachers)
        if step % recipe.stage2_denoise_every == 0:
            loss = denoising.loss(school, rng)
            losses = {**losses, "loss": losses["loss"] + loss, "denoise": loss}
        return losses

    train(
        "stage 2", model, loss_of, folder=folder, steps=recipe.stage2_steps, lr=1.5e-3,
        seed=recipe.seed, weight_decay=0.0, after_backward=rows.keep_only_signals,
    )  # fmt: skip
    school.save(folder)


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

    def keep_only_signals(self) -> None:
        """Zero the other rows' gradients."""
        for weight in self.weights:
            if weight.grad is not None:
                weight.grad[self.frozen] = 0.0


class Denoising:
    """The latent denoising loss on pictures: can the U-Net denoise under a projected condition?"""

    def __init__(self, runs: Path, recipe: Recipe) -> None:
        unet = UNet2DConditionModel.from_pretrained(runs / "image-unet" / "unet")
        self.unet = unet.eval().requires_grad_(False)
        scenes, media = pocket_decoders.pictures(recipe, runs)
        self.scenes = scenes[:1024]
        self.latents = latents_of(decoders.load_vae(runs / "picture-vae"), media[:1024])
        self.scheduler = decoders.new_scheduler()

    def loss(self, school: School, rng: Rng, batch: int = 8) -> Tensor:
        """Velocity error of the frozen U-Net, weighted min(SNR, 5) / (SNR + 1) a sample."""
        picks = rng.integers(0, len(self.scenes), batch)
        lines = []
        for index in picks:
            scene = self.scenes[index]
            text = f"draw {dialogues.shown(Medium('image', scene))}"
            lines.append(
                school.writer.write((dialogues.Exchange((), text, dialogues.made("image", scene)),))
            )
        padded = school.writer.batch(lines)
        out = school.model.language(
            input_ids=padded.ids, use_cache=False, output_hidden_states=True
        )
        conditions = school.model.conditions("image", padded.signals, out.hidden_states[-1])
        latents = self.latents[torch.from_numpy(picks)]
        noise = torch.randn_like(latents)
        times = torch.randint(0, self.scheduler.config.num_train_timesteps, (batch,))
        noisy = self.scheduler.add_noise(latents, noise, times)
        velocity = self.scheduler.get_velocity(latents, noise, times)
        error = (
            self.unet(noisy, times, encoder_hidden_states=conditions).sample - velocity
        ).square()
        signal = self.scheduler.alphas_cumprod[times]
        snr = signal / (1 - signal).clamp_min(1e-8)
        weight = snr.clamp(max=5.0) / (snr + 1)
        return (weight * error.mean(dim=(1, 2, 3))).mean()


def stage3(folder: Path, runs: Path, recipe: Recipe) -> None:
    """MosIT: LoRA on the language model, its embeddings, and both projections, on dialogues of
    every mix of modalities. The LoRA is merged at the end."""
    school = School(runs, recipe)
    school.load("stage2")
    model = school.model
    plain = school.language_model
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
    announce("stage 3", model)

    def make(rng: Rng) -> Line:
        return school.writer.write(dialogues.dialogue(rng, school.pool))

    def loss_of(_: int, rng: Rng) -> dict[str, Tensor]:
        return model.losses(school.batch(make, rng), school.teachers)

    train(
        "stage 3", model, loss_of, folder=folder, steps=recipe.stage3_steps, lr=1.2e-3,
        seed=recipe.seed, warmup=60,
    )  # fmt: skip
    model.language = adapted.merge_and_unload()
    model.requires_grad_(False)
    school.save(folder)
