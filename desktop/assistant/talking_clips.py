"""Makes clips of a face that says an answer, by Medley's own command in a process of its own, and
puts them into the answer. Tells how far they are. Knows the library; no engine and no Qt."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.assistant.answers import Watcher
from desktop.assistant.problems import KEY, kept
from desktop.assistant.progress import Pace, Progress
from desktop.assistant.video_answers import SPEAKS, asks_for_video
from desktop.program import own_command
from plugins.errors import KnownError, phrase, problem_of
from runtime.catalogue import store
from runtime.process.reap import Command
from storage.answers import AnswerWriter
from storage.errors import LibraryError
from storage.library import Library
from storage.records import FailedPart, MediumPart, Message, PendingPart

LOOK_S = 0.2
"""Between two looks at how far a clip is."""
MOST_S = 110.0
"""Seconds of speech that one clip holds; what goes beyond stays words."""
LETTERS_S, CHARACTERS_S = 13.0, 4.0
"""Letters, and Chinese characters, that are spoken in a second at least."""
_PREFIX = "medley: error: "
STOPPED = phrase("Stopped.")


@dataclass(frozen=True)
class Manner:
    """How a clip's voice speaks."""

    voice: str = ""
    """Name of a voice; empty takes one that suits the text."""
    speed: float = 1.0


class TalkingClips:
    """All that are being made. Every method from any thread; none waits for a clip but `close`."""

    def __init__(self, library: Library, watcher: Watcher) -> None:
        self.manner = Manner()
        """Of clips that answers were asked to be."""
        self._library, self._watcher = library, watcher
        self._lock = threading.Lock()
        self._making: dict[int, _Clip] = {}
        """By message."""

    def make(self, message_id: int, manner: Manner) -> None:
        """Make a clip of an answer that is over, beside what it holds; in the place of one that
        could not be made.

        Raises:
            KnownError: it has no words, or one is being made.
            LibraryError: the answer is not there any more.
        """
        message = self._library.messages.get(message_id)
        if not message.text.strip():
            raise KnownError("expected words to say as a video, found none in this answer.")
        with self._lock:
            if message_id in self._making:
                raise KnownError("this answer is being made a video already; wait for it.")
            index, again = _place(message)
            writer = self._library.messages.begin_addition(message_id, again)
            clip = _Clip(message, writer, index, manner, self._watcher)
            self._making[message_id] = clip
        threading.Thread(target=self._run, args=[clip], name="talking-clip", daemon=True).start()

    def after(self, ended: Callable[[int], None]) -> Callable[[int], None]:
        """`ended`, which is told that an answer is over, and then a clip of the answer where its
        question asks for one."""

        def end(message_id: int) -> None:
            ended(message_id)
            try:
                if self._is_asked(message_id):
                    self.make(message_id, self.manner)
            except (KnownError, LibraryError) as error:
                self._watcher.problem(problem_of(error))

        return end

    def stop(self, message_id: int) -> None:
        """Stop the clip of an answer; what else it holds stays."""
        with self._lock:
            clip = self._making.get(message_id)
        if clip is not None:
            clip.stop()

    def stop_all(self, conversation_id: int) -> None:
        """Stop the clips of a conversation."""
        with self._lock:
            clips = list(self._making.values())
        for clip in clips:
            if clip.writer.conversation_id == conversation_id:
                clip.stop()

    def close(self) -> None:
        """Stop all."""
        with self._lock:
            clips = list(self._making.values())
        for clip in clips:
            clip.stop()
        for clip in clips:
            clip.over.wait()

    def _is_asked(self, message_id: int) -> bool:
        answer = self._library.messages.get(message_id)
        if answer.state != "complete" or answer.parent_id is None or not answer.text.strip():
            return False
        return asks_for_video(self._library.messages.get(answer.parent_id).text)

    def _run(self, clip: _Clip) -> None:
        message_id = clip.writer.message_id
        try:
            clip.run()
        except LibraryError as error:
            self._watcher.problem(problem_of(error))
        finally:
            with self._lock:
                self._making.pop(message_id, None)
            clip.over.set()
        self._watcher.ended(message_id)


class _Clip:
    """One that is being made."""

    def __init__(
        self, message: Message, writer: AnswerWriter, index: int, manner: Manner, watcher: Watcher
    ) -> None:
        self.writer = writer
        self.over = threading.Event()
        self._message, self._manner, self._watcher = message, manner, watcher
        self._index = index
        self._command: Command | None = None
        self._stopped = threading.Event()
        self._pace = Pace()

    def stop(self) -> None:
        """End it soon."""
        self._stopped.set()
        if (command := self._command) is not None:
            command.kill()

    def run(self) -> None:
        """Make it, and write it or why it could not be made."""
        self.writer.begin_artifact(self._index, "video")
        with tempfile.TemporaryDirectory(prefix="medley-clip-") as folder:
            file = Path(folder) / "answer.mp4"
            try:
                facts = self._made(file)
            except (KnownError, OSError) as error:
                problem = STOPPED if self._stopped.is_set() else problem_of(error)
                self.writer.artifact_failed(
                    self._index, "video", str(problem), {KEY: kept(problem), SPEAKS: True}
                )
            else:
                self.writer.artifact(
                    self._index, file, mime="video/mp4", modality="video", details={SPEAKS: True},
                    width=facts.get("width"), height=facts.get("height"),
                    duration_s=facts.get("seconds"),
                )  # fmt: skip
        end = self.writer.stop if self._message.state == "stopped" else self.writer.finish
        end(self._message.details)

    def _made(self, file: Path) -> dict[str, Any]:
        """Write the clip; what its maker says of it.

        Raises:
            KnownError: it cannot be made, or was stopped.
            OSError: its maker does not start.
        """
        if store.find("speak") is None:
            raise KnownError(
                "expected a voice for the clip, found none on this computer. Fetch the starter: "
                "`medley models get starter`."
            )
        words = ["say", "-", "--out", str(file), "--json", "--progress"]
        words += ["--speed", str(self._manner.speed)]
        words += ["--voice", self._manner.voice] if self._manner.voice else []
        self._command = Command(own_command(*words), given=first_words(self._message.text))
        if self._stopped.is_set():
            self._command.kill()
        watching = threading.Thread(target=self._watch, args=[self._command], daemon=True)
        watching.start()
        code, out, err = self._command.wait()
        watching.join()
        if code:
            lines = err.strip().splitlines() or [f"code {code}"]
            raise KnownError(
                "the clip could not be made: {reason}", reason=lines[-1].removeprefix(_PREFIX)
            )
        facts: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return facts

    def _watch(self, command: Command) -> None:
        """Tell how far it is until it is over."""
        told = ""
        while not self._stopped.wait(LOOK_S) and not command.over:
            lines = [line for line in command.said().splitlines() if line.startswith('{"step"')]
            if lines and lines[-1] != told:
                told = lines[-1]
                self._tell(told)

    def _tell(self, line: str) -> None:
        at = json.loads(line)
        step, of = int(at["step"]), int(at["of"])
        eta_s = self._pace.eta_s(step, of, time.monotonic())
        message_id = self.writer.message_id
        self._watcher.progress(Progress(message_id, self._index, step, of, eta_s))


def _place(message: Message) -> tuple[int, dict[int, int]]:
    """The index of a new clip among an answer's artifacts, and its part by that index where it is
    made in the place of one that failed."""
    artifacts = [
        part for part in message.parts if isinstance(part, MediumPart | PendingPart | FailedPart)
    ]
    for index, part in enumerate(artifacts):
        if isinstance(part, FailedPart) and part.details.get(SPEAKS):
            return index, {index: part.id}
    return len(artifacts), {}


def first_words(markdown: str) -> str:
    """As much of an answer as one clip holds, in whole clauses, without its marks."""
    from runtime.speech.voice import speakable

    kept_clauses: list[str] = []
    left_s = MOST_S
    for clause in speakable(markdown):
        characters = sum("\u3040" <= letter <= "\u9fff" for letter in clause)
        left_s -= characters / CHARACTERS_S + (len(clause) - characters) / LETTERS_S
        if left_s < 0 and kept_clauses:
            break
        kept_clauses.append(clause)
    return "\n".join(kept_clauses)
