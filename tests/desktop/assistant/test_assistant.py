"""What the assistant hands to the engine, and what becomes of a question that it does not take."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import pytest

from desktop.assistant import assistant as assistant_module
from desktop.assistant import engines, turns
from desktop.assistant.answers import Watcher
from desktop.assistant.assistant import Assistant, EngineChoice
from desktop.assistant.media_folder import MediaFolder
from desktop.assistant.turns import MOST, STEP, AnswerPreferences, make_turn, messages_before
from plugins import switches
from plugins.errors import BugError, KnownError
from runtime.messages import Sampling, Turn
from runtime.worker.client import EngineState
from storage.errors import LibraryError
from storage.library import Library
from storage.records import Attachment, Manner, Medium, MediumPart, Message, Role, Text, TextPart


class Engine:
    """Stands in for the engine's client; keeps the turns that it is given."""

    made: ClassVar[list[Engine]] = []
    folder: Path

    def __init__(self, bundle: str, **options: Any) -> None:
        self.suspended: tuple[str, ...] = options["suspended"]
        self.place = ""
        self.bundle, self.turns, self.closed = bundle, list[Turn](), False
        self.device: str = options["device"]
        self.asked: list[str] = []
        self.opened: list[str] = []
        self.refusal: Exception | None = None
        self.state = EngineState()
        Engine.made.append(self)

    def ask(self, turn: Turn, bundle: str) -> int:
        """Keep it, or refuse it."""
        if self.closed:
            raise BugError("the engine client is closed")
        if self.refusal is not None:
            raise self.refusal
        self.turns.append(turn)
        self.asked.append(bundle)
        return len(self.turns)

    def render(self, recipe: str, *, bundle: str, **options: Any) -> int:
        """Keep which bundle is to render it."""
        self.asked.append(bundle)
        return len(self.asked)

    def media_folder(self) -> Path:
        """Where media are put."""
        return Engine.folder

    def prepare(self, turn: Turn | None, bundle: str) -> None:
        """Keep what is to be opened."""
        self.opened.append(bundle)

    def close(self) -> None:
        """Take no more turns."""
        self.closed = True


def test_a_request_for_a_video_is_answered_in_words_without_the_request() -> None:
    said = Message(
        1, 1, None, "user", "complete", 0, 0,
        (TextPart(1, "Why is the sky blue? Answer me as a video."),), "", {}, 0, 1,
    )  # fmt: skip
    turn = make_turn([said], AnswerPreferences(allowed=("text", "video")), lambda _: "")
    assert turn.allowed == ("text",)
    assert [part.text for part in turn.messages[-1].parts if hasattr(part, "text")] == [
        "Why is the sky blue?"
    ]


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    """On a library of its own, with engines that only listen."""
    monkeypatch.setattr(engines, "EngineClient", Engine)
    Engine.made, Engine.folder = [], tmp_path / "media"
    with Library.open(tmp_path / "library.db") as library:
        watcher = Watcher(lambda _: None, lambda _: None, lambda _: None)
        made = Assistant(library, EngineChoice(), watcher, lambda _: None)
        yield made
        made.close()


def last(assistant: Assistant, conversation: int) -> Message:
    """The end of a conversation."""
    return assistant.library.messages.path(conversation)[-1]


def test_a_question_is_kept_with_its_answer_to_come_and_asked(assistant: Assistant) -> None:
    data = b"a picture"
    sha = assistant.library.media.add_bytes(data, mime="image/png", modality="image").sha256

    sent = assistant.send(
        None, [Attachment(sha, "a.png"), Text("what is this?")], AnswerPreferences()
    )

    asked, answer = assistant.library.messages.path(sent.conversation_id)
    assert (asked.id, asked.text, answer.state) == (sent.message_id, "what is this?", "streaming")
    (turn,) = Engine.made[0].turns
    medium, words = turn.messages[0].parts
    assert Path(medium.path).read_bytes() == data  # type: ignore[union-attr]
    assert words.text == "what is this?"  # type: ignore[union-attr]


def test_a_question_that_cannot_be_kept_leaves_no_empty_conversation(
    assistant: Assistant,
) -> None:
    with pytest.raises(LibraryError):
        assistant.send(None, [Attachment("0" * 64)], AnswerPreferences())

    assert assistant.library.conversations.list() == []
    assert Engine.made == []


def test_an_engine_that_refuses_leaves_an_answer_that_says_why(assistant: Assistant) -> None:
    assistant.start()
    Engine.made[0].refusal = KnownError("Say less at once.")

    sent = assistant.send(None, [Text("draw")], AnswerPreferences())

    answer = last(assistant, sent.conversation_id)
    assert (answer.state, answer.error) == ("failed", "Say less at once.")


def test_a_question_goes_to_the_engine_that_was_chosen_meanwhile(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = make_turn

    def choose_another(*given: Any) -> Turn:
        monkeypatch.setattr(assistant_module, "make_turn", plain)
        assistant.use(EngineChoice(device="cuda"))
        return plain(*given)

    monkeypatch.setattr(assistant_module, "make_turn", choose_another)

    sent = assistant.send(None, [Text("draw")], AnswerPreferences())

    assert [(engine.device, len(engine.turns)) for engine in Engine.made] == [
        ("auto", 0),
        ("cuda", 1),
    ]
    assert last(assistant, sent.conversation_id).state == "streaming"


def test_a_plugin_that_ended_an_engine_is_not_used_by_the_next_one_and_can_be_switched_off(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(switches, "switches_file", lambda: tmp_path / "plugins.toml")
    switches.switch("boom", on=True)
    assistant.start()
    Engine.made[-1].suspended = ("boom",)

    assistant.use(EngineChoice(device="cpu"))
    assistant.start()
    assistant.switch_off("boom")

    assert Engine.made[-1].suspended == ("boom",)
    assert switches.enabled_plugins() == frozenset()


def test_only_the_end_of_a_long_conversation_is_read_and_sent(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MOST", 8)
    monkeypatch.setattr(turns, "STEP", 4)
    messages = assistant.library.messages
    conversation = assistant.library.conversations.new().id
    roles: tuple[Role, Role] = ("user", "assistant")
    ids = [messages.add(conversation, [Text(f"{n}")], roles[n % 2]).id for n in range(40)]

    for question in ids[::2]:
        assistant.answer(question, AnswerPreferences())

    given = [turn.messages for turn in Engine.made[0].turns]
    assert all(len(one) <= 8 and one[0].role == "user" for one in given)
    assert [one[-1].parts[0].text for one in given] == [f"{n}" for n in range(0, 40, 2)]  # type: ignore[union-attr]
    changes = sum(a[0] != b[0] for a, b in itertools.pairwise(given))
    assert 0 < changes <= len(given) // 2


def test_what_is_left_out_of_a_long_conversation_changes_seldom() -> None:
    kept = [messages_before(depth) for depth in range(5 * MOST)]

    assert kept[: MOST - 1] == list(range(MOST - 1))
    assert all(MOST - STEP <= count < MOST for count in kept[MOST:])
    begins = [depth - count for depth, count in enumerate(kept)]
    assert set(begins) == {0, *range(STEP, 4 * MOST + 1, STEP)}


def test_an_answer_whose_question_is_left_out_is_left_out_too() -> None:
    def message(id_: int, role: Role, text: str) -> Message:
        parts = (TextPart(id_, text),)
        return Message(id_, 1, None, role, "complete", 0, id_, parts, "", {}, 0, 1)

    path = [message(1, "assistant", "late"), message(2, "user", "now")]

    turn = make_turn(path, AnswerPreferences(), lambda medium: "")

    assert [one.role for one in turn.messages] == ["user"]


def test_media_are_put_where_the_engine_finds_them(assistant: Assistant) -> None:
    medium = Medium("0" * 64, 9, "image/png", "image", None, None, None, ())
    part = MediumPart(1, medium, "a.png", False, {})
    asked = Message(1, 1, None, "user", "complete", 0, 0, (part,), "", {}, 0, 1)

    turn = make_turn([asked], AnswerPreferences(), lambda one: f"/folder/{one.sha256[:4]}")

    assert turn.messages[0].parts[0].path == "/folder/0000"  # type: ignore[union-attr]


def test_a_question_that_is_stopped_while_it_is_made_ready_is_not_asked(
    assistant: Assistant,
) -> None:
    data = b"a long clip"
    sha = assistant.library.media.add_bytes(data, mime="video/mp4", modality="video").sha256
    with ThreadPoolExecutor(1) as lane:
        let_go = threading.Event()
        lane.submit(let_go.wait)
        assistant._asking._executor = lane
        sent = assistant.send(None, [Attachment(sha, "a.mp4")], AnswerPreferences())

        assert last(assistant, sent.conversation_id).state == "streaming"
        assistant.stop(sent.conversation_id)
        let_go.set()

    assert Engine.made == [] or Engine.made[0].turns == []
    assert last(assistant, sent.conversation_id).state == "stopped"


def test_questions_are_made_ready_elsewhere_and_in_order(assistant: Assistant) -> None:
    with ThreadPoolExecutor(1) as lane:
        assistant._asking._executor = lane
        for words in ("one", "two", "three"):
            assistant.send(None, [Text(words)], AnswerPreferences())

    asked = [turn.messages[-1].parts[0] for turn in Engine.made[0].turns]
    assert [part.text for part in asked if hasattr(part, "text")] == ["one", "two", "three"]


def test_a_question_that_the_end_overtakes_counts_as_interrupted(assistant: Assistant) -> None:
    lane = ThreadPoolExecutor(1)
    lane.shutdown()
    assistant._asking._executor = lane

    sent = assistant.send(None, [Text("one")], AnswerPreferences())

    assert last(assistant, sent.conversation_id).state == "streaming"  # until it is opened again


def test_a_medium_is_copied_while_a_longer_one_still_is(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        made = [
            library.media.add_bytes(data, mime="image/png", modality="image").sha256
            for data in (b"long", b"short")
        ]
        long, short = (library.media.get(sha) for sha in made)
        begun, let_go = threading.Event(), threading.Event()
        copy_to = library.media.copy_to

        def slow(sha256: str, path: Path) -> None:
            if sha256 == long.sha256:
                begun.set()
                let_go.wait()
            copy_to(sha256, path)

        library.media.copy_to = slow  # type: ignore[method-assign]
        folder = MediaFolder(library, tmp_path / "media")
        with ThreadPoolExecutor(1) as other:
            copying = other.submit(folder.path, long)
            begun.wait()

            assert folder.path(short).read_bytes() == b"short"
            let_go.set()
            assert copying.result().read_bytes() == b"long"


def test_each_conversation_is_answered_by_its_own_bundle(assistant: Assistant) -> None:
    manner = Manner("In rhymes.", 0.3, 0.9, 77, "mine", True)
    own = assistant.send(None, [Text("one")], AnswerPreferences(), manner)
    usual = assistant.send(None, [Text("two")], AnswerPreferences())
    assistant.send(own.conversation_id, [Text("three")], AnswerPreferences(bundle="guest"))
    assistant.use(EngineChoice("newer"))
    assistant.regenerate(own.answer_id, AnswerPreferences())
    assistant.regenerate(usual.answer_id, AnswerPreferences())

    (engine,) = Engine.made
    assert engine.asked == ["mine", "auto", "guest", "mine", "newer"]
    assert assistant.library.conversations.settings(own.conversation_id) == manner
    assert assistant.library.conversations.settings(usual.conversation_id) == Manner()
    turn = engine.turns[0]
    assert (turn.system, turn.think) == ("In rhymes.", True)
    assert turn.sampling == Sampling(0.3, 0.9, 77)
    assert engine.turns[1].sampling == Sampling()


def test_an_artifact_is_made_again_by_the_bundle_that_made_it_where_that_is_here(
    assistant: Assistant,
) -> None:
    sent = assistant.send(None, [Text("draw")], AnswerPreferences(), Manner(bundle="mine"))
    writer = assistant.library.messages.begin_answer(sent.message_id)
    for index, bundle in enumerate(("pocket", "long gone")):
        recipe = f'{{"bundle": "{bundle}"}}'
        writer.artifact(index, b"png", mime="image/png", modality="image", recipe=recipe)
    writer.finish({"bundle": "pocket", "model": "Pocket", "context_tokens": 40})

    for index in (0, 1):
        assistant.render(writer.message_id, index, None, vary=True)

    assert Engine.made[0].asked == ["mine", "pocket", "mine"]


def test_the_bundle_that_is_to_answer_is_opened_early(assistant: Assistant) -> None:
    assistant.start()
    assistant.start("mine")

    assert Engine.made[0].opened == ["auto", "mine"]
