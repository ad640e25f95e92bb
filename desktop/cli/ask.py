"""`medley ask`: one request, one answer."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from desktop.assistant.video_answers import asks_for_video, without_request
from desktop.cli import argument_values as values
from desktop.cli.attachments import given
from desktop.cli.options import (
    FILE,
    Media,
    Parser,
    add_bundle,
    add_device,
    add_json,
    add_manner,
    add_on,
    add_out,
    add_seed,
    add_think,
    sampling,
)
from desktop.cli.printing.output import OutputFolder
from desktop.cli.printing.readings import as_json as reading_json
from desktop.cli.printing.terminal import Screen
from desktop.cli.say import talking_clip, voice_folder
from desktop.cli.tools.use import add_tools, answered, calls_json, tools_for
from desktop.cli.turn import Answer, Interrupt, Save, about, asked, why_empty
from desktop.file_names import slug
from plugins.errors import KnownError
from runtime.messages import (
    MEDIA_MODALITIES,
    ArtifactReady,
    MediaPart,
    Message,
    TextPart,
    Turn,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runtime.worker.protocol import OfferedBundle


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley ask`."""
    parser.add_argument("prompt", nargs="*", help="what you want; several words need no quotes")
    for modality in ("image", "audio", "video"):
        parser.add_argument(
            f"--{modality}",
            action=Media,
            const=modality,
            metavar="FILE",
            dest="media",
            help="a file to look at or listen to; may be given several times",
        )
    parser.add_argument(
        "--file",
        action=Media,
        const=FILE,
        metavar="FILE",
        dest="media",
        help="a medium or document of any kind, told by its content; may be given several times",
    )
    add_out(parser)
    add_seed(parser)
    parser.add_argument(
        "--only",
        type=values.words,
        metavar="KINDS",
        help="answer only in these, for example text,image",
    )
    parser.add_argument(
        "--steps", type=values.positive, metavar="N", help="diffusion steps per artifact"
    )
    add_manner(parser)
    add_think(parser)
    add_bundle(parser)
    add_device(parser)
    add_on(parser)
    add_tools(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Answer `options.prompt`, save what was made, and print the answer or one JSON object."""
    prompt = " ".join(options.prompt).strip()
    media = [given(kind, path) for kind, path in options.media or ()]
    if not prompt and not media:
        raise KnownError('there is nothing to answer; type for example: medley ask "draw a boat"')
    folder = OutputFolder(options.out)
    folder.check()
    screen = Screen(quiet=options.json)
    says = asks_for_video(prompt)
    if says:
        voice_folder()  # What is missing is said before anything is asked.
    try:
        with (
            tools_for(options, screen) as use,
            asked(options.bundle, options.on, screen, options.device) as engine,
            Interrupt() as interrupt,
        ):
            turn = _turn(prompt, media, options, about(engine))
            save = Save(folder, slug(prompt) if prompt else "answer")
            answer = answered(engine, turn, interrupt, screen, save, use)
        if says and answer.text.strip() and not interrupt.asked:
            clip = talking_clip(answer.text, screen)
            answer.artifacts.append((clip, save(clip)))
            screen.saved(*answer.artifacts[-1])
    finally:
        screen.close()
    if interrupt.asked:
        raise KeyboardInterrupt
    if answer.empty and not (use is not None and use.made):
        raise why_empty(answer)
    if options.json:
        place = {"remote": options.on} if options.on else {}
        calls = {"calls": calls_json(use)} if use else {}
        print(json.dumps(as_json(answer) | place | calls))
    return 0


def check_only(only: Sequence[str] | None, bundle: OfferedBundle) -> None:
    """Refuse modalities that the bundle cannot answer in.

    Raises:
        KnownError: naming those it can.
    """
    for modality in only or ():
        if modality not in bundle.modalities:
            raise KnownError(
                f"--only: bundle {bundle.name} cannot answer in {modality!r}; it can in "
                f"{', '.join(bundle.modalities)}."
            )


def as_json(answer: Answer) -> dict[str, Any]:
    """The object that `--json` prints."""
    if answer.done is None:
        raise ValueError("only a finished answer can be printed")
    done = answer.done
    timings = done.timings
    return {
        "text": answer.text,
        "thinking": _thinking_json(answer),
        "observations": [reading_json(read) for read in answer.readings],
        "artifacts": [artifact_json(event, str(path)) for event, path in answer.artifacts],
        "usage": {field: getattr(done.usage, field) for field in Usage.__struct_fields__},
        "timings_s": {
            "load": timings.load,
            "encode": timings.encode,
            "first_token": timings.first_token,
            "text": timings.text,
            "decode": timings.decode,
            "render": list(timings.render),
        },
        "tokens_per_second": done.tokens_per_second,
        "bundle": done.bundle,
        "seed": done.seed,
        "finish": done.finish,
        "dropped_messages": done.dropped_messages,
    }


def _thinking_json(answer: Answer) -> dict[str, Any] | None:
    if not answer.thinking:
        return None
    thought = answer.thought
    seconds, cut = (None, True) if thought is None else (thought.seconds, thought.cut)
    return {"text": answer.thinking, "seconds": seconds, "cut": cut}


def artifact_json(event: ArtifactReady, path: str) -> dict[str, Any]:
    """One entry of `artifacts`: only the measures that its kind has."""
    measures = {
        name: value
        for name in ("width", "height", "duration_s")
        if (value := getattr(event, name)) is not None
    }
    return {
        "modality": event.modality,
        "mime": event.mime,
        "path": path,
        "seed": event.seed,
        **measures,
        "renderer": event.renderer,
        "recipe": json.loads(event.recipe),
    }


def _turn(
    prompt: str, media: Sequence[MediaPart], options: argparse.Namespace, bundle: OfferedBundle
) -> Turn:
    check_only(options.only, bundle)
    parts = (*media, *([TextPart(without_request(prompt))] if prompt else ()))
    steps: dict[str, int | float | bool | str] = {"steps": options.steps} if options.steps else {}
    # What a plugin makes may know no steps.
    made = [m for m in bundle.modalities if m in MEDIA_MODALITIES]
    return Turn(
        messages=(Message("user", parts),),
        allowed=("text",) if asks_for_video(prompt) else options.only,
        system=options.system,
        seed=options.seed,
        sampling=sampling(options),
        parameters=dict.fromkeys(made, steps) if steps else {},
        think=options.think,
    )
