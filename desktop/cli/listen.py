"""`medley listen`: writes down what is said in a sound or a clip."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.options import Parser, add_json
from desktop.cli.printing.terminal import Screen, printable
from desktop.file_names import local
from plugins.errors import KnownError
from plugins.observation import Observation
from runtime.messages import Reading

if TYPE_CHECKING:
    from plugins.api import Reader

_SPACELESS = ("zh", "ja", "yue")
"""Languages whose sentences are not parted by spaces."""


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley listen`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a sound, or a clip with sound")
    parser.add_argument(
        "--language",
        default="",
        metavar="L",
        help="code of the language that is spoken, for example en or zh (default: it is found)",
    )
    text = "an installed or added model that hears (default: the best)"
    parser.add_argument("--model", default="", metavar="NAME|DIR", help=text)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print what is said in `options.file`."""
    file = local(options.file)
    screen = Screen(quiet=options.json)
    try:
        found = _heard(file, options.language, options.model, screen)
    finally:
        screen.close()
    if options.json:
        print(json.dumps(_as_json(found), ensure_ascii=False))
        return 0
    for one in found:
        print(printable(one.text))
    if not found:
        screen.note(f"nobody speaks in {file.name}.")
    return 0


def _heard(file: Path, language: str, model: str, screen: Screen) -> list[Observation]:
    """What is said, in its order.

    Raises:
        KnownError: no such file, no sound in it, nothing here can hear, or an unknown language.
    """
    from plugins.stage import RenderStage
    from runtime.media.detect import detect_modality

    modality = detect_modality(file)
    reader = _reader(modality, model)
    reader.language = language
    screen.loading("the hearing")

    def progress(step: int, of: int, _preview: bytes | None) -> None:
        screen.reading(Reading(str(file), reader.id, step, of))

    return reader.read(file, modality, RenderStage(0, on_progress=progress))


def _reader(modality: str, wished: str) -> Reader:
    """The reader that hears speech in a modality.

    Raises:
        KnownError: the modality has no sound, or no model is installed.
    """
    from plugins.manifest import discover, load_reader
    from plugins.switches import enabled_plugins
    from runtime.catalogue import store
    from runtime.media.files import NOUNS

    hears = [one for one in discover(enabled_plugins()).readers if one.model == "hear"]
    fitting = [one for one in hears if one.enabled and modality in one.modalities]
    if not fitting:
        raise KnownError(
            f"expected a sound or a clip, found a {NOUNS.get(modality, modality)}. Choose another "
            "file."
        )
    model = store.wished("hear", wished)
    if model is None:
        raise KnownError(
            "expected a model that hears speech, found none on this computer: `medley models get "
            "starter` fetches it."
        )
    return load_reader(fitting[0])(model.folder)


def _as_json(found: list[Observation]) -> dict[str, object]:
    languages = Counter(one.language for one in found).most_common(1)
    language = languages[0][0] if languages else ""
    return {
        "text": ("" if language in _SPACELESS else " ").join(one.text for one in found),
        "language": language,
        "segments": [
            {
                "start_s": one.start_s,
                "end_s": one.end_s,
                "text": one.text,
                "language": one.language,
                "confidence": one.confidence,
            }
            for one in found
        ],
    }
