"""Makes the small library that is kept of every shape:
`python -m tests.storage.file.making_versions`.

It writes `versions/<day of the newest step>.db.gz` unless that is there already. A file that was
once kept is never made again: it stands for the libraries that people have.
"""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

from storage.file.migrations import STEPS
from storage.library import Library
from storage.records import (
    Attachment,
    Draft,
    Manner,
    NewPart,
    Observation,
    Preset,
    Preview,
    Text,
)

FOLDER = Path(__file__).with_name("versions")
OBSERVED = (
    Observation("text", "MS 灯塔 Regina", 0.9, box=(0.1, 0.2, 0.5, 0.4), source="medley.text"),
    Observation("label", "fishing boat", 0.73, source="medley.labels efficientnet-lite2"),
)
MANNER = Manner("Answer like a sailor.", 0.5, 0.9, 300, "pocket", True, False)
PRESET = Preset(id=1, name="Sailor", voice="river", system="Answer like a sailor.", tools=True)


def fill(library: Library) -> None:
    """One of everything that a library can hold."""
    conversation = library.conversations.new("Boats").id
    library.conversations.pin(conversation)
    picture = library.media.add_bytes(
        b"a picture", mime="image/png", modality="image", width=4, height=3
    ).sha256
    library.media.set_preview(picture, Preview("thumbnail", b"small", "image/png", 2, 1))
    library.media.set_observations(picture, OBSERVED)
    library.conversations.set_settings(conversation, MANNER)
    parts: list[NewPart] = [Text("what is this? 这是什么"), Attachment(picture, "boat.png")]
    asked = library.messages.add(conversation, parts).id
    for words in ("A red boat: ", "A boat at sea: "):
        answer = library.messages.begin_answer(asked)
        answer.text(words)
        answer.begin_artifact(0, "audio")
        answer.artifact(
            0, words.encode(), mime="audio/wav", modality="audio", recipe='{"seed": 7}',
            duration_s=1.5, details={"renderer": "medley.audio"},
        )  # fmt: skip
        answer.tool_call("call-1", "medley", "clock", '{"zone": "UTC"}', details={"undo": "{}"})
        answer.tool_state("call-1", "done", "It is noon.", {"seconds": 0.5})
        answer.finish({"tokens": 5})
    library.embeddings.put_medium(picture, "encoder", [3, 4])
    library.drafts.save(conversation, Draft("and now", (Attachment(picture),), {"only": ["text"]}))
    library.settings.put("theme", "dark")
    _fill_for_tools(library, conversation, answer.message_id)
    gone = library.conversations.new("Deleted").id
    library.conversations.delete(gone)


def _fill_for_tools(library: Library, conversation: int, answer: int) -> None:
    library.tools.decide("medley", "read_file", "0" * 64, "/boats", "always")
    library.tools.grant("/boats", True, conversation)
    logged = library.tools.log(answer, "call-1", "medley", "clock", '{"zone": "UTC"}', "unasked")
    library.tools.ended(logged.id, "done", 0.5)
    library.memories.add("Has a red boat.", answer, "model")
    library.reminders.add("Paint the boat", 1_800_000_000_000, conversation)
    library.presets.add(PRESET)


def main() -> None:
    """Make the file of the newest step."""
    kept = FOLDER / f"{STEPS[-1].name.split()[0]}.db.gz"
    if kept.exists():
        print(f"{kept.name} is there already")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        with Library.open(path) as library:
            fill(library)
        FOLDER.mkdir(exist_ok=True)
        kept.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    print(f"{kept.name}: {kept.stat().st_size} bytes")


if __name__ == "__main__":
    main()
