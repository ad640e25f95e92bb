"""Kills a process that writes turns, at random moments, and looks whether anything shown was lost.

    python -m tests.storage.kills [--count N] [--seed N]

The process writes on stdout what it would have shown, after the library said that it is saved.
Some lives share one library, so that each begins by mending what the last one left.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from storage.answers import AnswerWriter
from storage.calls import OPEN
from storage.library import Library
from storage.records import Attachment, Draft, MediumPart, Message, Text, ToolPart

LIVES = 10
"""That share a library."""
ROOT = Path(__file__).parents[2]


def live(path: Path, seed: int) -> None:
    """Write turn after turn until somebody kills this process."""
    numbers = random.Random(seed)
    with Library.open(path) as library:
        library.on_change(lambda changed: None)
        while True:
            _turn(library, numbers)


def _turn(library: Library, numbers: random.Random) -> None:
    conversation = library.conversations.new().id
    _draft(library, conversation, numbers)
    data = numbers.randbytes(numbers.choice([10, 50_000, 2_500_000]))
    sha = library.media.add_bytes(data, mime="image/png", modality="image").sha256
    asked = library.messages.add(conversation, [Text("draw a boat"), Attachment(sha, "a.png")]).id
    _say(message=asked, text="draw a boat", media=[sha])
    library.drafts.clear(conversation)
    answer = library.messages.begin_answer(asked)
    text, media = "", list[str]()
    for index in range(numbers.randrange(4)):
        for _ in range(numbers.randrange(30)):
            word = f"word{numbers.randrange(1000)} "
            text += word
            if answer.text(word) is not None:
                _say(message=answer.message_id, text=text, media=media)
            time.sleep(numbers.random() * 0.002)
        answer.begin_artifact(index, "audio")
        _say(message=answer.message_id, text=text, media=media)
        made = numbers.randbytes(numbers.choice([100, 30_000, 1_500_000]))
        answer.artifact(index, made, mime="audio/wav", modality="audio", recipe='{"seed": 1}')
        with library._database.read() as connection:
            (sha,) = connection.execute(
                "SELECT sha256 FROM media ORDER BY id DESC LIMIT 1"
            ).fetchone()
        media = [*media, sha]
        _say(message=answer.message_id, text=text, media=media)
        _call(library, answer, numbers)
    end = numbers.choice(["complete", "stopped", "failed"])
    if end == "complete":
        answer.finish({"seed": 1})
    elif end == "stopped":
        answer.stop()
    else:
        answer.fail("It broke off.")
    _say(message=answer.message_id, text=text, media=media, state=end)


def _call(library: Library, answer: AnswerWriter, numbers: random.Random) -> None:
    """A call of a tool, with what a person decided on it."""
    name, message = f"call-{numbers.randrange(2**31)}", answer.message_id
    answer.tool_call(name, "medley", "read_file", '{"path": "boat.txt"}')
    _say(message=message, text="", media=[], call=name, call_state="asking")
    library.tools.decide("medley", name, "0" * 64, "", "always")
    _say(allowed=name)
    logged = library.tools.log(message, name, "medley", "read_file", "{}", "always").id
    answer.tool_state(name, "running")
    _say(message=message, text="", media=[], call=name, call_state="running")
    answer.tool_state(name, "done", name * 100)
    library.tools.ended(logged, "done", 0.1)
    _say(message=message, text="", media=[], call=name, call_state="done")


def _draft(library: Library, conversation: int, numbers: random.Random) -> None:
    text = ""
    for _ in range(numbers.randrange(4)):
        text += "draw "
        library.drafts.save(conversation, Draft(text))
        _say(conversation=conversation, draft=text)


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def kill_once(path: Path, numbers: random.Random) -> list[dict[str, Any]]:
    """One life, killed at a random moment; what it had shown until then."""
    command = [sys.executable, "-m", "tests.storage.kills", "--live", str(numbers.randrange(2**31))]
    with subprocess.Popen(
        [*command, "--library", str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        lines = []
        for _ in range(numbers.choice([0, numbers.randrange(20), numbers.randrange(200)])):
            lines.append(child.stdout.readline())
        time.sleep(numbers.random() * numbers.choice([0.0, 0.02, 0.4]))
        child.kill()
        lines += child.stdout.readlines()
    return [json.loads(line) for line in lines if line.endswith("\n")]


def lost(path: Path, shown: list[dict[str, Any]]) -> list[str]:
    """What was shown and is not there, and what the library's check finds."""
    with Library.open(path) as library:
        wrong = list(library.check().problems)
        for what in shown:
            if "message" in what:
                wrong += _lost_of_message(library, what)
            allowed = what.get("allowed")
            if allowed and library.tools.decision("medley", allowed, "0" * 64) != "always":
                wrong.append(f"what was decided on {allowed} is not kept")
        open_ = [one.id for one in library.tools.logged(1_000) if one.state in OPEN]
        wrong += [f"call {one} of the list has not ended" for one in open_]
        drafts = [what for what in shown if "draft" in what][-1:]
        if drafts and drafts[0] is shown[-1]:
            found = library.drafts.get(drafts[0]["conversation"]).text
            if not found.startswith(drafts[0]["draft"]):
                wrong.append(f"draft {drafts[0]} is now {found!r}")
    return wrong


def _lost_of_message(library: Library, what: dict[str, Any]) -> list[str]:
    message = library.messages.get(what["message"])
    media = [part.medium.sha256 for part in message.parts if isinstance(part, MediumPart)]
    wrong = []
    if not message.text.startswith(what["text"]):
        wrong.append(f"message {message.id}: shown {what['text']!r}, kept {message.text!r}")
    if media[: len(what["media"])] != what["media"]:
        wrong.append(f"message {message.id}: shown {what['media']}, kept {media}")
    if message.state == "streaming" or message.state != what.get("state", message.state):
        wrong.append(f"message {message.id}: shown as {what.get('state')}, is {message.state}")
    if "call" in what:
        wrong += _lost_of_call(message, what)
    return wrong


def _lost_of_call(message: Message, what: dict[str, Any]) -> list[str]:
    found = {part.call_id: part for part in message.parts if isinstance(part, ToolPart)}
    call = found.get(what["call"])
    if call is None or call.state not in ("interrupted", "done"):
        return [f"call {what['call']} of message {message.id} is {call}"]
    if call.state == "done":
        return [] if call.result == call.call_id * 100 else [f"call {call.call_id} lost its result"]
    return [] if what["call_state"] in OPEN else [f"call {call.call_id} had ended, and is {call}"]


def soak(path: Path, count: int, seed: int) -> tuple[int, list[str]]:
    """How many things were shown in all lives, and what was lost of them."""
    numbers, seen, wrong = random.Random(seed), 0, list[str]()
    for number in range(count):
        shared = path.with_name(f"{number // LIVES}-{path.name}")
        shown = kill_once(shared, numbers)
        seen += len(shown)
        wrong += lost(shared, shown)
    return seen, wrong


def main() -> int:
    """Live, or kill others; 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--library", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--live", type=int, metavar="SEED", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.live is not None:
        live(args.library, args.live)
    with tempfile.TemporaryDirectory() as folder:
        seen, wrong = soak(Path(folder) / "library.db", args.count, args.seed)
    for line in wrong:
        print(line)
    print(f"killed {args.count} times: {seen} things were shown, {len(wrong)} were lost or wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
