"""What every built-in renderer keeps: conditions, seeds, progress, cancelling, leases, recipes."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from plugins.api import Condition, Decoder
from plugins.builtin import loading
from plugins.builtin.audio import AudioRenderer
from plugins.builtin.diffusion import DiffusionRenderer
from plugins.builtin.image import ImageRenderer
from plugins.builtin.video import VideoRenderer
from plugins.errors import Cancelled, KnownError
from plugins.media_files import read_recipe
from plugins.stage import RenderStage, UnlimitedMemory
from tests.plugins.conftest import decoder
from tests.plugins.decoding import decode

CLASSES: dict[str, type[DiffusionRenderer]] = {
    "image": ImageRenderer,
    "audio": AudioRenderer,
    "video": VideoRenderer,
    "pocket-image": ImageRenderer,
    "pocket-audio": AudioRenderer,
    "pocket-video": VideoRenderer,
}
CAPTION = Condition(caption="a red boat")
every_decoder = pytest.mark.parametrize("name", CLASSES)


def renderer(decoders: Path, name: str, **settings: object) -> DiffusionRenderer:
    return CLASSES[name](decoder(decoders, name, **settings))


@every_decoder
def test_an_embedding_renders_what_its_caption_renders_and_another_caption_does_not(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path, name: str
) -> None:
    made = renderer(decoders, name)
    (target,) = made.condition_targets(["a red boat"])
    conditions = CAPTION, Condition({"embeds": target}), Condition(caption="dogs")

    artifacts = [made.render(c, {}, RenderStage(1, memory=memory)) for c in conditions]

    boat, same, dogs = (decode(a.data, a.extension, tmp_path) for a in artifacts)
    np.testing.assert_array_equal(boat, same)
    assert not np.array_equal(boat, dogs)


@every_decoder
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    decoders: Path, memory: UnlimitedMemory, name: str
) -> None:
    first, second, other = (
        renderer(decoders, name).render(CAPTION, {}, RenderStage(seed, memory=memory)).data
        for seed in (5, 5, 6)
    )

    assert first == second
    assert first != other


@every_decoder
def test_every_step_is_reported_and_every_fourth_has_a_preview(
    decoders: Path, memory: UnlimitedMemory, name: str
) -> None:
    seen: list[tuple[int, int, bytes | None]] = []
    stage = RenderStage(
        1, memory=memory, wants_preview=True, on_progress=lambda *step: seen.append(step)
    )

    renderer(decoders, name).render(CAPTION, {"steps": 9}, stage)

    assert [(step, of) for step, of, _ in seen] == [(i, 9) for i in range(10)]
    previews = {step: preview for step, _, preview in seen if preview is not None}
    assert set(previews) == {4, 8}
    picture = cv2.imdecode(np.frombuffer(previews[4], np.uint8), cv2.IMREAD_COLOR)
    assert 0 < picture.size < 256 * 256 * 3


@every_decoder
def test_nobody_who_wants_no_preview_pays_for_one(
    decoders: Path, memory: UnlimitedMemory, name: str
) -> None:
    seen: list[bytes | None] = []
    stage = RenderStage(1, memory=memory, on_progress=lambda _, __, preview: seen.append(preview))

    renderer(decoders, name).render(CAPTION, {}, stage)

    assert set(seen) == {None}


@every_decoder
def test_cancelling_stops_within_one_step(
    decoders: Path, memory: UnlimitedMemory, name: str
) -> None:
    seen: list[int] = []

    def on_progress(step: int, of: int, preview: bytes | None) -> None:
        seen.append(step)
        if step == 2:
            stage.cancel()

    stage = RenderStage(1, memory=memory, on_progress=on_progress)
    made = renderer(decoders, name)
    calls: list[int] = []
    with RenderStage(1, memory=memory).lease(
        f"{made.id} {made.folder}", lambda: made.parts.load("cpu", made.index), 1
    ) as models:
        handle = models["unet"].register_forward_hook(lambda *_: calls.append(1))
        with pytest.raises(Cancelled):
            made.render(CAPTION, {"steps": 40}, stage)
        handle.remove()

    assert seen == [0, 1, 2]
    assert len(calls) == 3


@every_decoder
def test_a_decoder_is_loaded_once_for_many_renderings(
    decoders: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    real = loading.load_component

    def counted(folder: Path, component: str, *given: Any) -> object:
        loads.append(component)
        return real(folder, component, *given)

    monkeypatch.setattr(loading, "load_component", counted)
    made, memory = renderer(decoders, name), UnlimitedMemory()

    made.prepare(RenderStage(1, memory=memory))
    made.render(CAPTION, {}, RenderStage(1, memory=memory))
    made.render(CAPTION, {}, RenderStage(2, memory=memory))

    assert sorted(loads) == sorted(set(loads))
    assert {"unet", "vae", "text_encoder", "tokenizer", "scheduler"} <= set(loads)


@every_decoder
def test_a_condition_of_a_wrong_shape_names_both_shapes(
    decoders: Path, memory: UnlimitedMemory, name: str
) -> None:
    made = renderer(decoders, name)
    wrong = Condition({"embeds": np.zeros((3, 5), np.float32)})
    right = made.condition_targets(["a"]).shape[1:]

    with pytest.raises(KnownError) as refused:
        made.render(wrong, {}, RenderStage(1, memory=memory))

    assert str(list(right)) in str(refused.value)
    assert "[3, 5]" in str(refused.value)


@every_decoder
def test_a_condition_that_is_not_finite_is_refused(
    decoders: Path, memory: UnlimitedMemory, name: str
) -> None:
    made = renderer(decoders, name)
    broken = np.full(made.condition_targets(["a"]).shape[1:], np.nan, np.float32)

    with pytest.raises(KnownError, match="finite"):
        made.render(Condition({"embeds": broken}), {}, RenderStage(1, memory=memory))


@every_decoder
def test_the_file_carries_its_recipe(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path, name: str
) -> None:
    made = renderer(decoders, name)
    (target,) = made.condition_targets(["dogs"])
    artifact = made.render(Condition({"embeds": target}), {}, RenderStage(4, memory=memory))
    path = tmp_path / f"file{artifact.extension}"
    path.write_bytes(artifact.data)

    recipe = read_recipe(path)

    assert recipe.to_json() == artifact.recipe.to_json()
    assert (recipe.renderer, recipe.bundle, recipe.seed) == (made.id, "tiny", 4)
    assert recipe.parameters["steps"] == 3
    assert recipe.condition.embeds is not None
    np.testing.assert_array_equal(recipe.condition.embeds, target)


@every_decoder
def test_settings_of_the_bundle_are_the_defaults_of_the_parameters(
    decoders: Path, name: str
) -> None:
    made = renderer(decoders, name, steps=33, guidance=4)

    defaults = {parameter.name: parameter.default for parameter in made.parameters}
    assert (defaults["steps"], defaults["guidance"]) == (33, 4.0)
    with pytest.raises(KnownError, match="steps: expected int from 1 to 500, found 0"):
        renderer(decoders, name, steps=0)


@every_decoder
def test_targets_of_many_captions_come_in_order_and_none_gives_none(
    decoders: Path, name: str
) -> None:
    made = renderer(decoders, name)
    captions = [chr(ord("a") + i % 26) * (1 + i // 26) for i in range(40)]

    together = made.condition_targets(captions)

    assert together.dtype == np.float32
    np.testing.assert_allclose(together[35], made.condition_targets(captions[35:36])[0], atol=1e-5)
    assert made.condition_targets([]).shape == (0, *together.shape[1:])


def test_a_bundle_that_contradicts_its_decoder_is_refused(decoders: Path) -> None:
    wrong = dataclasses.replace(decoder(decoders, "image"), condition_shape=(77, 768))

    with pytest.raises(KnownError, match=r"\[77, 768\].*\[8, 16\]"):
        ImageRenderer(wrong).render(CAPTION, {}, RenderStage(1))


def test_another_kind_of_decoder_is_refused_by_name(decoders: Path) -> None:
    with pytest.raises(KnownError, match=r"expected one of StableDiff.*, found 'AudioLDMP"):
        ImageRenderer(Decoder(decoders / "audio", "tiny"))


def test_a_folder_without_a_decoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"expected the file .*model_index\.json, found none"):
        ImageRenderer(Decoder(tmp_path, "tiny"))


def test_a_decoder_that_lists_no_unet_is_refused(decoders: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(decoders / "image", tmp_path / "image")
    index = json.loads((folder / "model_index.json").read_text())
    del index["unet"]
    (folder / "model_index.json").write_text(json.dumps(index))

    with pytest.raises(KnownError, match="to list unet"):
        ImageRenderer(Decoder(folder, "tiny")).prepare(RenderStage(1))


def test_without_a_closed_vocabulary_every_word_is_known(decoders: Path) -> None:
    made = renderer(decoders, "image")

    assert made.unknown_words("a temple, 寺庙") == ()
    assert made.known_caption("a temple, 寺庙") == "a temple, 寺庙"


@pytest.mark.parametrize("name", ["pocket-image", "pocket-audio", "pocket-video"])
def test_a_closed_vocabulary_renders_everyday_words_as_its_own_and_refuses_others(
    decoders: Path, memory: UnlimitedMemory, tmp_path: Path, name: str
) -> None:
    closed, free = renderer(decoders, name, known_words="pocketworld"), renderer(decoders, name)
    own = Condition(caption=closed.known_caption("a kitty in the rain"))

    everyday = closed.render(
        Condition(caption="a kitty in the rain"), {}, RenderStage(1, memory=memory)
    )
    plain = free.render(own, {}, RenderStage(1, memory=memory))

    pictures = [decode(a.data, a.extension, tmp_path) for a in (everyday, plain)]
    np.testing.assert_array_equal(*pictures)
    assert everyday.recipe.condition.caption == "a kitty in the rain"
    assert closed.unknown_words("a cat wearing a hat") == ("wearing", "hat")
    with pytest.raises(KnownError, match="knows, found wearing, hat"):
        closed.render(Condition(caption="a cat wearing a hat"), {}, RenderStage(1, memory=memory))


def test_a_vocabulary_that_is_not_there_is_refused_when_the_renderer_is_made(
    decoders: Path,
) -> None:
    with pytest.raises(KnownError, match="known_words of image: expected one of pocketworld"):
        renderer(decoders, "image", known_words="narnia")
