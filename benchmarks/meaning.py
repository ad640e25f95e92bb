"""How often search by meaning finds the right thing first, among held-out Pocketworld scenes.

Every scene is a picture, a sound and a clip, truly rendered and given to a library as files; the
real worker places them and the words. A hit from words is right when it shows all that the caption
states, whichever scene it belongs to; one from a picture or a clip, when the sound is of the same
thing in the same weather. No scene is of a combination that anything of Pocket was trained on.

    python -m benchmarks.meaning [--scenes N] [--seed N] [--bundle NAME|DIR]
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from desktop.assistant.answers import Watcher
from desktop.assistant.assistant import Assistant, EngineChoice
from desktop.assistant.media_folder import MediaFolder
from desktop.assistant.media_import import MediaImport
from desktop.assistant.media_probe.client import MediaProbe
from desktop.assistant.previews import Previews
from desktop.assistant.semantic_search import Meaning
from storage.library import Library
from storage.records import Attachment, Match, NewPart, Text
from training.evaluation.judging import write_true
from training.pocketworld.captions import LANGUAGES, canonical, varied
from training.pocketworld.scene import SHOWN, Scene, random_scene

GOAL_WORDS, GOAL_SOUNDS = 0.90, 0.85
_NOUNS = {"image": "pictures", "audio": "sounds", "video": "clips"}
Rng = np.random.Generator


class Shelf:
    """A library of scenes whose media were placed, and what each medium shows."""

    def __init__(self, library: Library, meaning: Meaning, scenes: dict[str, Scene]) -> None:
        self.library, self.meaning = library, meaning
        self._scenes = scenes

    def shows(self, match: Match) -> Scene:
        """The scene of a hit."""
        assert match.medium is not None
        return self._scenes[match.medium.sha256]

    def media(self, modality: str) -> Iterator[tuple[str, Scene]]:
        """SHA-256 and scene of every medium of a modality."""
        for sha256, scene in self._scenes.items():
            if self.library.media.get(sha256).modality == modality:
                yield sha256, scene


@contextmanager
def shelf(scenes: list[Scene], rng: Rng, bundle: str) -> Iterator[Shelf]:
    """Bring every scene into a new library as a person would, and have it all placed."""
    media_probe = MediaProbe()
    with tempfile.TemporaryDirectory() as name, Library.open(Path(name) / "library.db") as library:
        folder = Path(name)
        watcher = Watcher(lambda _: None, lambda _: None, lambda _: None)
        choice = EngineChoice(bundle, device="cpu")
        assistant = Assistant(library, choice, watcher, lambda _: None)
        intake = MediaImport(
            library,
            media_probe,
            Previews(library, media_probe, MediaFolder(library, folder / "shown")),
        )
        try:
            shown: dict[str, Scene] = {}
            conversation = library.conversations.new("scenes").id
            for number, scene in enumerate(scenes):
                for modality in SHOWN:
                    path = write_true(modality, scene, rng, folder / f"{modality}-{number}")
                    medium = intake.file(path)
                    shown[medium.sha256] = scene
                    parts: list[NewPart] = [Text(f"{number}"), Attachment(medium.sha256, path.name)]
                    library.messages.add(conversation, parts)
            meaning = Meaning(assistant)
            placed = meaning.learn(lambda: True)
            if placed != len(shown):
                raise RuntimeError(f"expected {len(shown)} media to be placed, found {placed}")
            yield Shelf(library, meaning, shown)
        finally:
            media_probe.close()
            assistant.close()


def missed(found: list[Match], on: Shelf, wanted: dict[str, str]) -> list[str]:
    """The attributes of what was wanted that the first hit does not show; `nothing` for no hit."""
    if not found:
        return ["nothing"]
    scene = on.shows(found[0])
    return [name for name, value in wanted.items() if getattr(scene, name) != value]


def summary(what: str, misses: list[list[str]], goal: float) -> str:
    """One line about many searches."""
    right = sum(not names for names in misses)
    wrong = Counter(name for names in misses for name in names)
    most = ", ".join(f"{name} {count}" for name, count in wrong.most_common())
    return (
        f"{what}: {right}/{len(misses)} = {right / len(misses):.0%} (goal >= {goal:.0%})"
        f"{f'; wrong in {most}' if most else ''}"
    )


def from_words(on: Shelf, modality: str, language: str, rng: Rng | None) -> list[list[str]]:
    """Attributes that the first hit lacks for the caption of every scene; in free wording with
    `rng`."""
    misses = []
    for _, scene in on.media(modality):
        if rng is None:
            words, said = canonical(scene, modality, language), SHOWN[modality]
        else:
            words, said = varied(scene, modality, rng, language=language)
        wanted = {name: getattr(scene, name) for name in said}
        misses.append(missed(on.meaning.like(words, modality), on, wanted))
    return misses


def from_media(on: Shelf, given: str, wanted: str) -> list[list[str]]:
    """Attributes that both media have and that the first hit for every medium lacks."""
    both = [name for name in SHOWN[given] if name in SHOWN[wanted]]
    return [
        missed(
            on.meaning.like_medium(sha256, wanted),
            on,
            {name: getattr(scene, name) for name in both},
        )
        for sha256, scene in on.media(given)
    ]


def main() -> None:
    """Print the share of right first hits, and in which attributes the others are wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bundle", default="pocket")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    scenes = [random_scene(rng, held_out=True) for _ in range(args.scenes)]
    with shelf(scenes, rng, args.bundle) as on:
        for language in LANGUAGES:
            for modality, noun in _NOUNS.items():
                for wording, source in (("fixed", None), ("free", rng)):
                    misses = from_words(on, modality, language, source)
                    print(summary(f"{noun} from {wording} words, {language}", misses, GOAL_WORDS))
        for given, wanted in (("image", "audio"), ("video", "audio"), ("audio", "image")):
            misses = from_media(on, given, wanted)
            print(summary(f"{_NOUNS[wanted]} from {_NOUNS[given]}", misses, GOAL_SOUNDS))


if __name__ == "__main__":
    main()
