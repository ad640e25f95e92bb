"""Makes a small data folder for alignment: `python -m medley_sketch.data FOLDER [COUNT]`.

Requests and answers in the reference's T->T+X form. Knows words; draws nothing.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from medley_sketch.words import SLOTS

REQUESTS = ("sketch {x}", "sketch {x} please", "can you sketch {x}", "make a sketch of {x}",
            "i want a sketch of {x}", "sketch me {x}")  # fmt: skip
ANSWERS = ("Here is {x}.", "This is {x}.")
"""An answer that says what it shows is learned sooner than one that does not."""
PLACES = {"left": "on the left", "right": "on the right", "top": "at the top",
          "bottom": "at the bottom", "middle": "in the middle"}  # fmt: skip


def caption(chance: random.Random) -> str:
    """A figure in words; colour, size and place may be left out."""
    shape = chance.choice([w for words in SLOTS["shape"].values() for w in words if w != "round"])
    colour = chance.choice(list(SLOTS["colour"])) if chance.random() < 0.9 else ""
    sizes = [word for words in SLOTS["size"].values() for word in words]
    size = chance.choice(sizes) if chance.random() < 0.5 else ""
    place = PLACES[chance.choice(list(PLACES))] if chance.random() < 0.5 else ""
    thing = " ".join(word for word in (size, colour, shape) if word)
    article = "an" if thing[0] in "aeiou" else "a"
    return f"{article} {thing} {place}".strip()


def records(count: int, seed: int = 0) -> list[dict[str, object]]:
    """Dialogues of one exchange, no request twice."""
    chance = random.Random(seed)
    made: dict[str, dict[str, object]] = {}
    while len(made) < count:
        wish = caption(chance)
        asked = chance.choice(REQUESTS).format(x=wish)
        said = chance.choice(ANSWERS).format(x=wish)
        answer = {"from": "gpt", "value": said, "caption": wish}
        turns = [{"from": "human", "value": asked}, answer | {"output_modality": "sketch"}]
        made[asked] = {"conversation": turns}
    return list(made.values())


def main(folder: Path, count: int) -> None:
    """Write `folder/sketches.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sketches.json").write_text(json.dumps(records(count), indent=1), "utf-8")
    print(f"{count} requests in {folder / 'sketches.json'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 600)
