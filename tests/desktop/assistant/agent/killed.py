"""A program that asks a scripted model for a call and is killed meanwhile.

    python -m tests.desktop.assistant.agent.killed FOLDER question|call|write
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from tests.desktop.assistant.agent.scripted import Say, call, talking

SLOW = "import time\nwhile True: time.sleep(1)"


def main(folder: Path, moment: str) -> None:
    """Come to the moment, say so, and wait for the end."""
    with talking(folder, folder / "granted") as talk:
        talk.library.tools.decide("x", "y", "z", "", "always")
        if moment == "question":
            talk.ask("write", Say("I will write. ", (("write_file", {"path": "a", "text": "b"}),)))
            talk.question()
        elif moment == "call":
            talk.ask("run", call("run_python", code=SLOW))
            talk.choose("once")
            talk.until(lambda: talk.calls[0].state == "running")
        else:
            talk.ask("sum", call("calculate", expression="1+1"), Say("It", wait=threading.Event()))
            talk.until(lambda: talk.answer.text == "It")
        print(talk.sent.answer_id if talk.sent else 0, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
