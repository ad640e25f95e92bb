"""The whole model in training: what stands where, what is compared, and what may learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import LlamaForCausalLM

from plugins.api import Renderer
from runtime.bundle.bundle import Bundle, find_bundle
from training.dialogues import dialogues
from training.dialogues.dialogues import Exchange, Medium
from training.nextgpt.model import (
    NextGpt,
    by_modality,
    relative_distance,
)
from training.pocket.alignment_stages import SignalRows
from training.pocket.encoder import EMBED_DIM
from training.pocket.language_model import answer_loss, new_model
from training.pocket.sequences import (
    IGNORE,
    MEDIA_POSITIONS,
    SIGNAL_COUNTS,
    Batch,
    Writer,
    train_tokenizer,
)
from training.pocket.shapes import CONDITION_SHAPES, Teachers, new_nextgpt
from training.pocket.text_encoders import caption_of
from training.pocket.unets import Captioner
from training.pocketworld.captions import canonical, read_caption
from training.pocketworld.scene import Scene, random_scene

BOAT = Scene("boat", "red", "sea")
CAR = Scene("car", "blue", "grass")
MODALITIES = tuple(SIGNAL_COUNTS)


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def writer() -> Writer:
    return Writer(train_tokenizer(1, vocab_size=400, samples=100))


@pytest.fixture
def model(writer: Writer) -> NextGpt:
    torch.manual_seed(0)
    return new_nextgpt(new_model(writer), writer).eval()


def captioner(modality: str) -> Callable[[Sequence[str]], Tensor]:
    """Targets that depend on the caption alone."""

    def targets(captions: Sequence[str]) -> Tensor:
        seeds = [np.frombuffer(caption.encode(), np.uint8) for caption in captions]
        made = [np.random.default_rng(s).normal(size=CONDITION_SHAPES[modality]) for s in seeds]
        return torch.from_numpy(np.stack(made)).float()

    return targets


@pytest.fixture(scope="module")
def teachers() -> Teachers:
    torch.manual_seed(1)
    return Teachers(
        features={m: torch.randn(3, 20, EMBED_DIM).half() for m in MODALITIES},
        captioners={m: captioner(m) for m in MODALITIES},
    )


@pytest.fixture
def batch(writer: Writer) -> Batch:
    """Two media before two artifacts in the first row, one artifact of each kind in the second."""
    given = (Medium("image", BOAT, 2), Medium("audio", CAR, 0))
    answer = ("Here.", Medium("image", BOAT), Medium("video", CAR))
    first = writer.write((Exchange(given, "what is this", answer),))
    answer = tuple(Medium(m, CAR) for m in MODALITIES)
    second = writer.write((Exchange((), "hello", answer),))
    return writer.batch([first, second])


def test_media_positions_hold_the_projected_features(
    model: NextGpt, batch: Batch, teachers: Teachers
) -> None:
    embeds = model._embed(batch, model.project(batch, teachers))
    words = model.token_embedding(batch.ids)
    for row, at, medium in batch.media:
        patches = teachers.features[medium.modality][medium.index][None].float()
        wanted = model.input_projection(None, patches)[0]
        torch.testing.assert_close(embeds[row, at : at + MEDIA_POSITIONS], wanted)
        words[row, at : at + MEDIA_POSITIONS] = wanted
    torch.testing.assert_close(embeds, words)


def test_conditions_are_made_from_the_states_at_the_signal_tokens(
    model: NextGpt, batch: Batch, writer: Writer
) -> None:
    hidden = torch.randn(*batch.ids.shape, model.token_embedding.weight.shape[1])
    for modality, places in by_modality(batch.signals).items():
        conditions = model.conditions(modality, places, hidden)
        assert conditions.shape == (len(places), *CONDITION_SHAPES[modality])
        words = model.token_embedding(torch.tensor(writer.signal_ids[modality]))[None]
        for (row, at, _), condition in zip(places, conditions, strict=True):
            n = SIGNAL_COUNTS[modality]
            assert batch.ids[row, at : at + n].tolist() == writer.signal_ids[modality]
            alone = model.output_projections[modality](hidden[row, at : at + n][None], words)
            torch.testing.assert_close(condition, alone.reshape(condition.shape))


def test_losses_compare_answers_and_conditions_with_what_was_wanted(
    model: NextGpt, batch: Batch, teachers: Teachers
) -> None:
    losses = model.losses(batch, teachers)
    assert set(losses) == {"loss", "text", *MODALITIES}
    hidden = model.hidden(batch, teachers)
    logits = model.language.get_output_embeddings()(hidden)
    said = cross_entropy(logits[:, :-1].flatten(0, 1), batch.labels[:, 1:].flatten())
    torch.testing.assert_close(losses["text"], said)
    for modality, places in by_modality(batch.signals).items():
        wanted = teachers.captioners[modality]([canonical(m.scene, modality) for *_, m in places])
        got = model.conditions(modality, places, hidden)
        torch.testing.assert_close(losses[modality], relative_distance(got, wanted))
    total = sum(loss for name, loss in losses.items() if name != "loss")
    torch.testing.assert_close(losses["loss"], total)


def test_what_comes_after_an_artifact_does_not_change_its_condition(
    model: NextGpt, writer: Writer, teachers: Teachers
) -> None:
    short = (Exchange((), "draw it", (Medium("image", BOAT),)),)
    longer = (*short, Exchange((), "and hear it", ("This.", Medium("audio", BOAT))))
    conditions = []
    for dialogue in (short, longer):
        batch = writer.batch([writer.write(dialogue)])
        hidden = model.hidden(batch, teachers)
        conditions.append(model.conditions("image", by_modality(batch.signals)["image"], hidden))
    torch.testing.assert_close(conditions[0], conditions[1], rtol=1e-4, atol=1e-5)


def test_only_labels_that_count_are_learned(model: NextGpt) -> None:
    ids = torch.tensor([[1, 5, 2, 9], [3, 8, 8, 4]])
    labels = torch.tensor([[1, IGNORE, 2, IGNORE], [IGNORE, IGNORE, IGNORE, 4]])
    loss, out = answer_loss(model.language, labels, input_ids=ids)
    whole = model.language(input_ids=ids).logits
    assert whole.shape[:2] == ids.shape
    before = whole[[0, 1], [1, 2]]
    torch.testing.assert_close(out.logits, before)
    torch.testing.assert_close(loss, cross_entropy(before, torch.tensor([2, 4])))


def test_the_relative_distance_is_zero_for_what_was_wanted_and_one_for_nothing() -> None:
    wanted = torch.randn(3, 5, 4)
    assert relative_distance(wanted, wanted) == 0
    torch.testing.assert_close(relative_distance(torch.zeros_like(wanted), wanted), torch.ones(()))


def test_only_rows_of_signal_tokens_learn(
    model: NextGpt, batch: Batch, teachers: Teachers, writer: Writer
) -> None:
    model.requires_grad_(False)
    language = model.language
    assert isinstance(language, LlamaForCausalLM)
    rows = SignalRows(language, writer)
    before = [weight.detach().clone() for weight in rows.weights]
    trained = [name for name, p in model.named_parameters() if p.requires_grad]
    assert trained == ["language.model.embed_tokens.weight", "language.lm_head.weight"]
    optimiser = torch.optim.AdamW(rows.weights, lr=0.01, weight_decay=0.0)
    for _ in range(2):
        optimiser.zero_grad()
        model.losses(batch, teachers)["loss"].backward()
        rows.keep_only_signals()
        optimiser.step()
    signals = {i for ids in writer.signal_ids.values() for i in ids}
    for weight, old in zip(rows.weights, before, strict=True):
        moved = (weight != old).any(dim=1).nonzero().flatten().tolist()
        assert set(moved) == signals


def test_gradients_reach_every_part(model: NextGpt, batch: Batch, teachers: Teachers) -> None:
    model.losses(batch, teachers)["loss"].backward()
    parts = [model.input_projection, *model.output_projections.values()]
    for part in (*parts, model.language):
        grads = [p.grad for p in part.parameters() if p.requires_grad]
        assert any(g is not None and g.abs().sum() > 0 for g in grads)


@pytest.fixture(scope="module")
def pocket() -> Bundle:
    """The embedded bundle."""
    return Bundle.open(find_bundle("pocket"), verify="size")


def renderer_of(bundle: Bundle, modality: str) -> Renderer:
    from plugins.builtin import audio, image, video

    made: dict[str, Any] = {
        "image": image.ImageRenderer,
        "audio": audio.AudioRenderer,
        "video": video.VideoRenderer,
    }
    renderer: Renderer = made[modality](bundle.decoder(modality))
    return renderer


@pytest.mark.parametrize("modality", MODALITIES)
def test_training_targets_are_what_the_renderer_makes_of_a_caption(
    pocket: Bundle, modality: str
) -> None:
    rng = np.random.default_rng(0)
    captions = ["", *(canonical(random_scene(rng), modality) for _ in range(3))]
    teacher = Captioner(modality, Path(pocket.decoder(modality).folder))
    teacher.model.float()
    wanted = renderer_of(pocket, modality).condition_targets(captions)
    assert wanted.shape == (4, *CONDITION_SHAPES[modality])
    np.testing.assert_allclose(teacher(captions).numpy(), wanted, rtol=1e-4, atol=1e-4)
    assert np.abs(wanted[1] - wanted[0]).max() > 1e-3


@pytest.mark.parametrize("modality", MODALITIES)
def test_captions_of_the_decoders_text_encoders_hold_nothing_held_out(modality: str) -> None:
    rng = np.random.default_rng(4)
    for _ in range(300):
        text, stated = caption_of(modality, rng)
        assert read_caption(text) == stated
        if {"thing", "colour", "place"} <= set(stated):
            assert not Scene(stated["thing"], stated["colour"], stated["place"]).held_out


def test_the_pool_decides_which_features_a_medium_has(
    model: NextGpt, writer: Writer, teachers: Teachers
) -> None:
    rng = np.random.default_rng(0)
    shelf = {m: [random_scene(rng) for _ in range(3)] for m in MODALITIES}
    lines = [writer.write((dialogues.describe(m, rng, shelf),)) for m in MODALITIES]
    batch = writer.batch(lines)
    assert {m.modality for *_, m in batch.media} == set(MODALITIES)
    for _, _, medium in batch.media:
        assert shelf[medium.modality][medium.index] == medium.scene
    assert torch.isfinite(model.losses(batch, teachers)["loss"])
