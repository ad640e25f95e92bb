"""Pocketworld as a data folder that `medley train align` reads: rendered media with captions, and
dialogues in the MosIT form.

Pocket's own small talk and its refusal of the whole world are left out: a language model that knows
the world keeps its words for it. What only a decoder would have to know is refused by name. Knows
scenes, sentences and files; knows no model.

    python -m training.dialogues.mosit_files DIR [--dialogues N] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.dialogues.attached import write_medium
from training.dialogues.dialogues import Dialogue, Exchange, Pool, dialogue, is_refused, shown
from training.dialogues.exchanges import Medium, Rng
from training.dialogues.out_of_domain import outside
from training.dialogues.phrasings import BOOKS
from training.pocketworld import media_cache
from training.pocketworld.scene import Scene, pick, random_scene

MEDIA = {"image": 1200, "audio": 400, "video": 500}
"""Media of a folder by modality."""
LONGEST = 2
"""Exchanges of a dialogue; a turn of a long one costs as much as several short ones."""
OUTSIDE = 0.05
"""The share of dialogues in which a medium of something unknown is asked for."""
DECODERS_DO_NOT_KNOW = {
    "en": "I cannot make that. I can draw, play and film the things of Pocketworld, such as a "
    "boat, a dog, a bee or a bell.",
    "zh": "这个我做不出来。我能画、能播放、能拍的是小世界里的东西，比如船、狗、蜜蜂和铃铛。",
}
_MAKES = {
    "en": ("draw", "show", "play", "picture", "film", "video", "sound", "hear", "animate", "see"),
    "zh": ("画", "图", "听", "声音", "播放", "视频", "拍", "动", "看看"),
}
"""Words of a request for a medium."""


def write_folder(
    folder: Path,
    dialogues: int,
    seed: int,
    media: Mapping[str, int] = MEDIA,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Write `media/`, `captions.json` and `dialogues.jsonl`; the same seed gives the same folder.

    Args:
        dialogues: their number.
        media: how many scenes of each modality are rendered.
        tell: is called with a line about each finished piece of work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pool: dict[str, list[Scene]] = {}
    captions: list[dict[str, str]] = []
    for modality, count in media.items():
        pool[modality] = []
        for index in range(count):
            rng = np.random.default_rng([seed, media_cache.STREAM[modality], index])
            scene = random_scene(rng)
            stem = folder / "media" / f"{modality}-{index}"
            file = _rendered(modality, scene, rng, stem)
            pool[modality].append(scene)
            captions.append({f"{modality}_name": file, "caption": shown(Medium(modality, scene))})
        tell(f"{count} of {modality} rendered")
    (folder / "captions.json").write_text(json.dumps(captions, indent=0), "utf-8")
    names = _names(captions)
    lines = (_record(made, names) for made in _dialogues(dialogues, seed, pool))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (folder / "dialogues.jsonl").write_text(text, "utf-8")
    tell(f"{dialogues} dialogues written")


def _rendered(modality: str, scene: Scene, rng: Rng, stem: Path) -> str:
    """The name of the medium's file, which is made unless it is there."""
    stem.parent.mkdir(exist_ok=True)
    there = sorted(stem.parent.glob(f"{stem.name}.*"))
    path = there[0] if there else write_medium(
        modality, media_cache.render(modality, scene, rng), stem
    )  # fmt: skip
    return path.name


def _names(captions: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for entry in captions:
        key = next(key for key in entry if key.endswith("_name"))
        names.setdefault(key.removesuffix("_name"), []).append(entry[key])
    return names


def _dialogues(count: int, seed: int, pool: Pool) -> Iterator[Dialogue]:
    rng = np.random.default_rng([seed, 71])
    made = 0
    while made < count:
        found: Dialogue = (
            (_unknown(rng),)
            if rng.random() < OUTSIDE
            else tuple(turn for turn in dialogue(rng, pool, longest=LONGEST) if not _is_talk(turn))
        )
        if found:
            made += 1
            yield found


def _is_talk(exchange: Exchange) -> bool:
    answers = {(answer,) for book in BOOKS.values() for _, answer in book.talk}
    return is_refused(exchange) or exchange.answer in answers


def _unknown(rng: Rng) -> Exchange:
    """A medium of something that no decoder of Pocketworld knows."""
    language = "zh" if rng.random() < 0.5 else "en"
    forms = [f for f in BOOKS[language].outside_ask if any(w in f for w in _MAKES[language])]
    asked = pick(tuple(forms), rng).format(n=outside(rng, language))
    return Exchange((), asked, (DECODERS_DO_NOT_KNOW[language],))


def _record(turns: Dialogue, names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A dialogue in the MosIT form."""
    messages: list[dict[str, str]] = []
    lists: dict[str, list[dict[str, str]]] = {}
    for turn in turns:
        given = [_tag(m.modality, names[m.modality][m.index]) for m in turn.media]
        said = []
        for part in turn.answer:
            if isinstance(part, str):
                said.append(part.strip())
                continue
            listed = lists.setdefault(f"{part.modality}_list", [])
            name = f"answer-{len(listed)}"
            listed.append({f"{part.modality}_name": name, "caption": shown(part)})
            said.append(_tag(part.modality, name))
        messages.append({"from": "human", "value": " ".join([*given, turn.text])})
        messages.append({"from": "gpt", "value": " ".join(said)})
    return {"conversation": messages, **lists}


def _tag(modality: str, name: str) -> str:
    return f"<{modality}>{name}</{modality}>"


def main() -> int:
    """Write the folder that the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m training.dialogues.mosit_files",
        description="Pocketworld as a data folder for `medley train align`.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--dialogues", type=int, default=2000, metavar="N")
    parser.add_argument("--seed", type=int, default=11, metavar="N")
    options = parser.parse_args()
    write_folder(options.folder, options.dialogues, options.seed, tell=print)
    return 0


if __name__ == "__main__":
    sys.exit(main())
