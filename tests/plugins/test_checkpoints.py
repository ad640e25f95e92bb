"""Decoders in one file are known by their tensors, and others are told what they are."""

from __future__ import annotations

import pytest

from plugins import checkpoints

UNET = "model.diffusion_model."
WHOLE: dict[str, tuple[int, ...]] = {
    f"{UNET}input_blocks.0.0.weight": (320, 4, 3, 3),
    f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 768),
    "first_stage_model.decoder.conv_in.weight": (512, 4, 3, 3),
    "cond_stage_model.transformer.text_model.final_layer_norm.weight": (768,),
}


def test_kinds_are_known_by_what_their_denoiser_attends_to() -> None:
    xl = {
        **WHOLE,
        f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (640, 2048),
        "conditioner.embedders.1.model.ln_final.weight": (1280,),
    }

    assert checkpoints.kind_of(WHOLE) == "stable-diffusion-1"
    assert checkpoints.kind_of(xl) == "stable-diffusion-xl"
    assert checkpoints.is_checkpoint(WHOLE)
    assert not checkpoints.is_checkpoint({"lora_unet_down.weight": (4, 4)})


WRONG: dict[str, tuple[dict[str, tuple[int, ...]], str]] = {
    "another kind": (
        {f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 1024)},
        "of a kind that Medley does not open",
    ),
    "inpainting": ({f"{UNET}input_blocks.0.0.weight": (320, 9, 3, 3)}, "only fills in parts"),
    "velocities": ({"v_pred": ()}, "velocities"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_used_says_why(what: str) -> None:
    change, words = WRONG[what]

    found = checkpoints.kind_of({**WHOLE, **change})

    assert not isinstance(found, str) and words in str(found)


@pytest.mark.parametrize(("prefix", "part"), [("first_", "vae"), ("cond_", "text_encoder")])
def test_a_part_that_is_missing_is_named(prefix: str, part: str) -> None:
    found = checkpoints.kind_of({k: v for k, v in WHOLE.items() if not k.startswith(prefix)})

    assert f"without its {part}." in str(found)


@pytest.mark.parametrize("kind", checkpoints.KINDS)
def test_the_configuration_is_whole(kind: str) -> None:
    files = checkpoints.configuration(kind)

    assert all(path.is_file() for path in files.values())
    assert {"model_index.json", "unet/config.json", "vae/config.json"} < set(files)
    assert {"tokenizer/vocab.json", "tokenizer/merges.txt"} < set(files)
    assert ("tokenizer_2/vocab.json" in files) == kind.endswith("xl")
