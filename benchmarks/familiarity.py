"""The answers of a bundle with a small world to things outside it, and inside.

    python -m benchmarks.familiarity [--media DIR] [--world N] [--seed N] [--bundle NAME|DIR]

With `--media`, a folder in which the packages of `familiarity_media.toml` lie unpacked, it shows
the photographs and sounds of that list: right is a sentence that it does not recognise them. It
shows as many clips too, a camera that moves over each photograph. Then N media per modality of
Pocketworld in everyday damage, of another seed than the thresholds were set with: right is any
other answer. At last the requests of all held-out and development phrasings, and the plain requests
of `familiarity_requests.txt`, of which only the words are looked at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from plugins.errors import KnownError
from plugins.media_files import clip
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.bundle.manifest import FamiliaritySpec
from runtime.components import load as components
from runtime.engine import Engine
from runtime.familiarity.review import Reviewer
from runtime.media import read_image
from runtime.messages import MediaPart, Message, SignalPart, TextPart
from runtime.opening import EngineOptions, open_engine
from training.dialogues.phrasings import PHRASINGS
from training.evaluation.judging import answer
from training.evaluation.plan import LANGUAGES
from training.evaluation.plan import SEED as ASKED
from training.evaluation.suites.paraphrases import paraphrases
from training.familiarity.damage import write_damaged
from training.familiarity.media import known_media

SEED = 40_000
"""Far from the seed that thresholds are set with."""
HERE = Path(__file__).parent
QUESTIONS = {"image": "what is in this picture?", "audio": "what is in this sound?",
             "video": "what is in this clip?"}  # fmt: skip
MOST_PHRASINGS = 100
"""The most phrasings per kind; there are fewer."""
VIEW, ROOM, FRAMES = 256, 96, 16
"""Pixels of a clip's frame and that the camera moves by; frames of a clip."""


@dataclass(frozen=True)
class Listed:
    """A medium of the list, found."""

    modality: str
    path: Path


def listed(folder: Path) -> Iterator[Listed]:
    """The media of the list that lie in a folder; what does not is named on standard error."""
    entries = tomllib.loads((HERE / "familiarity_media.toml").read_text("utf-8"))["medium"]
    for entry in entries:
        found = next(iter(sorted(folder.rglob(entry["path"]))), None)
        if found is None:
            print(f"not there: {entry['path']} ({entry['source']})", file=sys.stderr)
        else:
            yield Listed(entry["modality"], found)


def moved_over(picture: Path, folder: Path) -> Path:
    """A clip of a camera that moves over a picture."""
    image = Image.fromarray(read_image(picture))
    scale = (VIEW + ROOM) / min(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    steps = np.linspace(0, ROOM, FRAMES).astype(int)
    frames = [np.asarray(image.crop((at, at, at + VIEW, at + VIEW))) for at in map(int, steps)]
    path = folder / f"{picture.stem}.mp4"
    path.write_bytes(clip(np.stack(frames), 8).data)
    return path


class Sitting:
    """A bundle that is asked, and its sentences of what it does not recognise."""

    def __init__(self, engine: Engine, spec: FamiliaritySpec) -> None:
        self.engine = engine
        self._said = {text for s in spec.sentences.values() for text in s.unknown_medium.values()}

    def refuses(self, modality: str, path: Path) -> bool:
        """True if it says that it does not recognize a medium."""
        asked = TextPart(QUESTIONS[modality])
        said = answer(self.engine, [Message("user", (MediaPart(modality, str(path)), asked))], 1)
        return said.text.strip() in self._said


def outside(sitting: Sitting, folder: Path, work: Path) -> None:
    """Print how many photographs, sounds and clips are not described, and which are."""
    media = list(listed(folder))
    media += [Listed("video", moved_over(m.path, work)) for m in media if m.modality == "image"]
    for modality, name in (("image", "photographs"), ("audio", "sounds"), ("video", "clips")):
        some = [one.path for one in media if one.modality == modality]
        known = [path.name for path in some if not sitting.refuses(modality, path)]
        told = f"; described: {', '.join(known)}" if known else ""
        print(f"{name} from outside: {len(some) - len(known)} of {len(some)} not described{told}")


def inside(sitting: Sitting, count: int, seed: int, work: Path) -> None:
    """Print how many of Pocketworld's media in everyday damage are refused."""
    refused = 0
    for modality in QUESTIONS:
        here = 0
        for number, (medium, rng) in enumerate(known_media(modality, count, seed)):
            path = write_damaged(modality, medium, work / f"{modality}-{number}", rng)
            here += sitting.refuses(modality, path)
            path.unlink()
        print(f"{modality} of Pocketworld, damaged: {here} of {count} refused")
        refused += here
    print(f"all of them: {refused} of {3 * count} refused ({refused / (3 * count):.1%})")


def requests(reviewer: Reviewer, work: Path) -> None:
    """Print how many requests in phrasings that no training used are refused for their words."""
    for among in PHRASINGS:
        wrong, count = [], 0
        for request in paraphrases(MOST_PHRASINGS, LANGUAGES, among, work, ASKED):
            *before, last = request.asked().questions
            given = any(isinstance(part, MediaPart) for part in last.said.parts)
            text, count = _words(last.said), count + 1
            if refuses(reviewer, text, shown=given or bool(before)):
                wrong.append(text)
        print(f"requests in {among} phrasings: {len(wrong)} of {count} refused {wrong}")


def plain(reviewer: Reviewer) -> None:
    """Print how many plain requests are refused, first of all and after a picture was made."""
    lines = (HERE / "familiarity_requests.txt").read_text("utf-8").splitlines()
    texts = [line for line in lines if line and not line.startswith("#")]
    for shown, when in ((False, "at first"), (True, "after a picture")):
        passed = [text for text in texts if not refuses(reviewer, text, shown=shown)]
        print(f"plain requests {when}: {len(texts) - len(passed)} of {len(texts)} refused {passed}")


def refuses(reviewer: Reviewer, text: str, *, shown: bool) -> bool:
    """True if a text is answered without the model, with or without a picture made before."""
    before = (
        Message("user", (TextPart("draw a red boat"),)),
        Message("assistant", (TextPart("Here is a red boat."), SignalPart("image"))),
    )
    asked = Message("user", (TextPart(text),))
    return reviewer.review((*(before if shown else ()), asked)).answer is not None


def reviewer_of(bundle: Bundle) -> Reviewer:
    """The reviewer of the words; media count as known.

    Raises:
        KnownError: the bundle has no measures.
    """
    spec, measures = bundle.manifest.familiarity, components.familiarity(bundle)
    if spec is None or measures is None:
        raise KnownError(
            f"familiarity: expected a bundle with the table [familiarity], found {bundle.name} "
            "without it. Make it with medley train familiarity."
        )
    return Reviewer(spec, measures[1], lambda _: True)


def _words(message: Message) -> str:
    return " ".join(part.text for part in message.parts if isinstance(part, TextPart))


def main(arguments: Sequence[str]) -> int:
    """Print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--bundle", default="pocket", metavar="NAME|DIR")
    parser.add_argument("--media", type=Path, metavar="DIR")
    parser.add_argument("--world", type=int, default=100, metavar="N")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N")
    options = parser.parse_args(arguments)
    bundle = Bundle.open(find_bundle(options.bundle))
    reviewer = reviewer_of(bundle)
    with (
        tempfile.TemporaryDirectory(prefix="medley-familiarity-") as name,
        open_engine(EngineOptions(bundle)) as engine,
    ):
        plain(reviewer)
        requests(reviewer, Path(name))
        sitting = Sitting(engine, reviewer.spec)
        if options.media is not None:
            outside(sitting, options.media, Path(name))
        inside(sitting, options.world, options.seed, Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
