"""The manifest of an imported bundle: template, signals, settings and licences. Plain data.

The template writes conversations as NExT-GPT was trained on them: segment by segment, a picture's
place between `<Img>` and `</Img>`, "###" as the end of an answer and the beginning of what follows.
"""

from __future__ import annotations

import msgspec

from runtime.bundle.manifest import (
    FORMAT,
    EncoderSpec,
    InputProjectionSpec,
    LanguageModelSpec,
    Licence,
    Manifest,
    SignalSpec,
    TemplateSpec,
)
from runtime.encoder.config import EncoderConfig, Spread
from training.importing.delta import Marks
from training.importing.projections import INPUT, output_file
from training.importing.sizes import MODALITIES, RENDERERS, SETTINGS, Sizes

LANGUAGE_MODEL, ENCODER = "llm.gguf", "encoder.safetensors"
TEMPLATE = TemplateSpec(
    user_open="### Human: ",
    user_open_later="Human: ",
    user_close="\n### Assistant: ",
    answer_close="\n###",
    media_open="<Img>",
    media_close="</Img> ",
    media_marks="text",
    cut="segments",
    add_bos=True,
    stop=("###", "Human:"),
)
LICENCES = (
    Licence(LANGUAGE_MODEL, "LicenseRef-LLaMA-1", "LLaMA by Meta, Vicuna-7B-v0 by LMSYS"),
    Licence("output_*.safetensors", "CC-BY-NC-SA-4.0", "ChocoWu/nextgpt_7b_tiva_v0"),
    Licence(INPUT, "CC-BY-NC-SA-4.0", "ChocoWu/nextgpt_7b_tiva_v0"),
    Licence(ENCODER, "CC-BY-NC-SA-4.0", "ImageBind by Meta"),
    Licence("decoders/image", "LicenseRef-CreativeML-OpenRAIL-M", "Stable Diffusion 1.5"),
    Licence("decoders/video", "CC-BY-NC-4.0", "cerspense/zeroscope_v2_576w"),
    Licence("decoders/audio", "CC-BY-NC-SA-4.0", "cvssp/audioldm-l-full"),
)
TERMS = (
    ("NExT-GPT's checkpoint", "CC BY-NC-SA 4.0, not for commercial use"),
    ("LLaMA and Vicuna", "the LLaMA licence of 2023, for research, not for commercial use"),
    ("ImageBind", "CC BY-NC-SA 4.0, not for commercial use"),
    ("AudioLDM", "CC BY-NC-SA 4.0, not for commercial use"),
    ("ZeroScope", "CC BY-NC 4.0, not for commercial use"),
    ("Stable Diffusion 1.5", "CreativeML OpenRAIL-M, with limits on what it may be used for"),
)
"""What a person is told before an import begins."""


def with_spread(config: EncoderConfig, spread: Spread) -> EncoderConfig:
    """The same encoder, whose clips of sounds and videos lie so."""
    vision, audio = config.vision, config.audio
    if vision is not None:
        vision = msgspec.structs.replace(vision, spread=spread)
    if audio is not None:
        audio = msgspec.structs.replace(audio, spread=spread)
    return msgspec.structs.replace(config, vision=vision, audio=audio)


def manifest(
    name: str, sizes: Sizes, *, marks: Marks, spread: Spread, quantized: str | None
) -> Manifest:
    """The manifest without its files."""
    kept = quantized or "F16"
    return Manifest(
        format=FORMAT,
        name=name,
        title="NExT-GPT 7B",
        description=f"The published checkpoint of NExT-GPT, its language model as {kept}.",
        version="0",
        routing="projected",
        licences=LICENCES,
        language_model=LanguageModelSpec(
            file=LANGUAGE_MODEL,
            d_model=sizes.d_model,
            n_vocab=sizes.whole_vocab,
            n_ctx=sizes.n_ctx,
            temperature=0.4,
            top_p=1.0,
            max_new_tokens=246,
        ),
        template=msgspec.structs.replace(TEMPLATE, media_marks=marks),
        signals={modality: _signal(modality, sizes) for modality in MODALITIES},
        files={},
        encoder=EncoderSpec(ENCODER, with_spread(sizes.encoder, spread).to_table()),
        input_projection=InputProjectionSpec("linear", INPUT),
        limits="It was trained on single pictures, sounds and clips and on English. None of its "
        "parts may be used commercially.",
    )


def _signal(modality: str, sizes: Sizes) -> SignalSpec:
    return SignalSpec(
        token_ids=sizes.signal_ids(modality),
        renderer=RENDERERS[modality],
        decoder=f"decoders/{modality}",
        condition_shape=sizes.conditions[modality],
        projection=output_file(modality),
        d_hidden=sizes.d_hidden,
        n_heads=sizes.projection_heads,
        n_layers=sizes.projection_layers,
        d_feedforward=sizes.d_feedforward,
        settings=dict(SETTINGS[modality]),
    )
