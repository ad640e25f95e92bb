"""The binding of media to captions and to sounds: what fits what, and what it teaches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from training.pocket import text_encoders
from training.pocket.encoder import MODALITIES, _first, agree, bind, caption, pocket_config
from training.pocketworld.captions import LANGUAGES, read_caption
from training.pocketworld.scene import SHOWN, Scene, random_scene

BOAT = Scene("boat", "red", "sea")
NIGHT = BOAT.with_(time="night")
CAR = Scene("car", "red", "grass")


def test_a_caption_states_what_it_says_in_either_language() -> None:
    rng = np.random.default_rng(0)
    lengths = set()
    for _ in range(200):
        scene = random_scene(rng)
        modality = MODALITIES[int(rng.integers(3))]
        text, stated = caption(scene, modality, rng)
        assert read_caption(text) == stated
        assert set(stated) <= set(SHOWN[modality])
        lengths.add((text.isascii(), len(stated)))
    assert {(True, 1), (True, 7), (False, 1), (False, 7)} <= lengths


def test_all_media_fit_a_caption_that_are_as_it_states() -> None:
    fits = agree([BOAT, NIGHT, CAR], [{"thing": "boat"}, {"colour": "red"}, {"time": "night"}])
    assert fits.tolist() == [[True, True, False], [True, True, True], [False, True, False]]


def test_the_loss_is_least_where_all_that_fits_is_equally_near() -> None:
    media = torch.eye(3)[[0, 0, 1]]
    words = torch.eye(3)[[0, 1, 2]]
    fits = torch.tensor([[True, False, False], [True, False, False], [False, True, False]])
    right = bind(media, words, fits, torch.tensor(50.0))
    wrong = bind(media, words.roll(1, 0), fits, torch.tensor(50.0))
    assert abs(float(right) - 0.5 * float(np.log(2)) * 0.5) < 1e-4  # two media share one caption
    assert wrong > 10
    nothing = torch.tensor([[True, False, False], [False, False, False], [False, True, False]])
    assert torch.isfinite(bind(media, words, nothing, torch.tensor(50.0)))


def test_hardly_a_piece_spans_two_chinese_words() -> None:
    tokenizer = text_encoders.caption_tokenizer(MODALITIES, 1, LANGUAGES).backend_tokenizer
    text = "一个紫色的时钟，在左边，在沙地上"
    pieces = [text[a:b] for a, b in tokenizer.encode(text).offsets]
    assert "紫" in pieces or "紫色的" in pieces
    assert len(pieces) < 14
    english = tokenizer.encode("a big orange locomotive").offsets
    assert len(english) == 6  # four words between start and end


def test_the_towers_of_media_are_taken_up_by_an_encoder_of_other_words(tmp_path: Path) -> None:
    old, new = _first(pocket_config(800), tmp_path / "none"), pocket_config(900)
    save_file({n: t.clone() for n, t in old.state_dict().items()}, tmp_path / "old.safetensors")
    found = _first(new, tmp_path / "old.safetensors").state_dict()
    same = {n for n, t in old.state_dict().items() if torch.equal(found[n], t)} if found else set()
    assert {n for n in found if ".vision." in n or ".audio." in n} <= same
    again = _first(pocket_config(800), tmp_path / "old.safetensors").state_dict()
    assert all(torch.equal(again[name], tensor) for name, tensor in old.state_dict().items())


def test_a_batch_in_which_nothing_fits_binds_nothing() -> None:
    one, other = torch.randn(3, 8, requires_grad=True), torch.randn(2, 8)
    loss = bind(one, other, torch.zeros(3, 2, dtype=torch.bool), torch.tensor(5.0))

    loss.backward()

    assert loss.item() == 0.0
    assert one.grad is not None and not one.grad.any()
