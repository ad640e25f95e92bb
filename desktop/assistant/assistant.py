"""The assistant: what a person can ask of it, in the words of conversations and messages.

Writes what is asked into the library, hands the engine a turn, and lets `Answers` save what comes.
Knows which bundle answers which conversation; `Engines` has the engine's client.

Thread contract: every method may be called from any thread and may wait for the disk; none waits
for the engine but `use` and `close`.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from functools import partial

from desktop.assistant.agent.agent import Agent, unfinished
from desktop.assistant.agent.session import Session
from desktop.assistant.agent.toolbox import Toolbox
from desktop.assistant.answer import Answer, TurnId, Watcher
from desktop.assistant.answer_saving import lasting
from desktop.assistant.answers import Answers
from desktop.assistant.asking import Asking
from desktop.assistant.choices import EngineChoice as EngineChoice
from desktop.assistant.choices import Sent as Sent
from desktop.assistant.engines import Engines
from desktop.assistant.media_folder import EngineMedia, medium_at
from desktop.assistant.observations import found_in, to_library
from desktop.assistant.problems import KEY, kept
from desktop.assistant.talking_clips import TalkingClips
from desktop.assistant.turns import (
    STEP,
    AnswerPreferences,
    TurnTools,
    artifact,
    artifacts,
    make_turn,
    messages_before,
)
from plugins.errors import KnownError, problem_of
from plugins.switches import switch
from runtime.messages import Embedding, Event, MediaPart, MediumRead, Turn
from runtime.messages import TextPart as Words
from runtime.worker.client import EngineClient, EngineState
from storage.answers import AnswerWriter
from storage.errors import LibraryError
from storage.library import Library
from storage.records import (
    Attachment,
    Manner,
    Medium,
    MediumPart,
    Message,
    NewPart,
    Recording,
    Text,
    TextPart,
)

MAX_SEED = 2**31


class Assistant:
    """One library, one engine at a time."""

    def __init__(
        self,
        library: Library,
        choice: EngineChoice,
        watcher: Watcher,
        on_state: Callable[[EngineState], None],
        asking: Executor | None = None,
        toolbox: Toolbox | None = None,
    ) -> None:
        """Nothing is started yet.

        Args:
            library: opened for writing.
            choice: the engine that answers first.
            watcher: told what happens to answers, on a thread of the assistant.
            on_state: told every state of the engine, on a thread of the engine's client.
            asking: where questions are made ready for the engine, which takes as long as copying
                their media does; None is the thread that asks.
            toolbox: calls tools; None makes one that ends with the assistant.
        """
        self.library = library
        self.engines = Engines(choice, self._take, on_state)
        self._lock = threading.RLock()
        self._closed = False
        self._watcher = watcher
        self._file = EngineMedia(library).path
        self._tidying: threading.Thread | None = None
        self.clips = TalkingClips(library, watcher)
        self._tell_ended = self.clips.after(watcher.ended)
        watching = replace(watcher, ended=self._ended)
        self.answers = Answers(watching, self._stop_turn, self._keep_read)
        self._asking = Asking(self.engines, self.answers, watcher.problem, asking)
        self.agent = Agent(library, self.engines, self.answers, watcher, self._go_on, toolbox)
        self._found = partial(found_in, library)

    @property
    def state(self) -> EngineState:
        """What the engine is doing."""
        return self.engines.state

    def start(self, bundle: str = "") -> None:
        """Start the engine early, or have it open another bundle when it has nothing else to do;
        every request does so by itself. At the first time the library is tidied meanwhile.

        Args:
            bundle: name or folder; empty is the chosen one.
        """
        self.engines.client().prepare(None, bundle or self.engines.choice.bundle)
        with self._lock:
            if self._tidying is None and not self._closed:
                self._tidying = threading.Thread(target=self._tidy, name="medley-tidy")
                self._tidying.start()

    def restart(self) -> None:
        """End the engine at once and start a fresh one. What is being answered fails."""
        self.engines.client().restart()

    def use(self, choice: EngineChoice) -> None:
        """Be answered as chosen from now on; see `Engines.use`."""
        self.engines.use(choice)

    def switch_off(self, plugin: str) -> None:
        """Switch a plugin off for good, as one that ended the engine's process; see
        `EngineState.suspended`.

        Raises:
            KnownError: the choice cannot be kept.
        """
        switch(plugin, on=False)

    def close(self) -> None:
        """Save what came, then end the engine. What is being answered stays as it is, so that it
        counts as interrupted."""
        self._closed = True
        self._asking.close()
        self.engines.shut()
        self.agent.close()
        self.clips.close()
        self.answers.close()
        self.engines.close()
        if self._tidying is not None:
            self._tidying.join()

    def send(
        self,
        conversation_id: int | None,
        parts: Sequence[NewPart],
        wishes: AnswerPreferences,
        manner: Manner | None = None,
    ) -> Sent:
        """Add a person's message, in a new conversation where there is none, and answer it. A new
        one is answered in `manner` from now on.

        Raises:
            LibraryError: the message cannot be kept. Nothing was asked then.
            KnownError: the engine does not take the message; it is kept, with a failed answer.
        """
        made, writer = self.library.messages.ask(conversation_id, parts, manner)
        self._answer(made.id, writer, wishes)
        return Sent(writer.conversation_id, made.id, writer.message_id)

    def edit(self, message_id: int, text: str, wishes: AnswerPreferences) -> int:
        """Ask a message again in other words, its media kept, on a branch of its own.

        Returns the id of the new message. Raises as `send`.
        """
        old = self.library.messages.get(message_id)
        media = [part for part in old.parts if isinstance(part, MediumPart)]
        parts: list[NewPart] = [
            Attachment(part.medium.sha256, part.name) for part in media if not part.is_recording
        ]
        if text.strip():
            parts.append(Text(text))
        parts += [Recording(part.medium.sha256) for part in media if part.is_recording]
        new_id = self.library.messages.edit(message_id, parts).id
        self.answer(new_id, wishes)
        return new_id

    def regenerate(self, message_id: int, wishes: AnswerPreferences) -> None:
        """Answer the same question once more; the former answer stays on its branch."""
        parent = self.library.messages.get(message_id).parent_id
        if parent is None:
            raise LibraryError("This message answers nothing, so it cannot be answered again.")
        self.answer(parent, wishes)

    def answer(self, message_id: int, wishes: AnswerPreferences) -> None:
        """Answer a person's message, after what is being answered already."""
        self._answer(message_id, self.library.messages.begin_answer(message_id), wishes)

    def render(
        self, message_id: int, index: int, steps: int | None, vary: bool, previews: bool = True
    ) -> None:
        """Make an artifact again from its recipe, on a branch of its own.

        Args:
            message_id: the answer that holds it.
            index: which artifact of that answer, from 0.
            steps: None keeps those of the recipe.
            vary: with another seed.
            previews: whether to report pictures of the steps.
        """
        message = self.library.messages.get(message_id)
        part, before = artifact(message, index), lasting(message.details)
        recipe = self.library.messages.recipe(part.id)
        if recipe is None:
            raise LibraryError("This was not made by Medley, so it has no recipe.")
        writer = self.library.messages.begin_rerender(message_id, part.id)
        own = self._own(writer.conversation_id, AnswerPreferences())
        bundle = self.engines.bundle_of(recipe, self._bundle(own))
        named, seed = self.engines.name_of(bundle), secrets.randbelow(MAX_SEED) if vary else None
        parameters = {} if steps is None else {"steps": steps}

        def prepare(client: EngineClient) -> Callable[[], Answer]:
            def start() -> Answer:
                turn = client.render(
                    recipe, seed=seed, parameters=parameters, previews=previews, bundle=bundle
                )
                return Answer(turn, writer, named, only=index, before=before)

            return start

        self._asking.begin(writer, bundle, prepare)

    def resume(self, message_id: int, wishes: AnswerPreferences | None = None) -> None:
        """Go on with an answer that ended before it was complete. Calls that were not decided are
        asked for again; an answer without calls is given once more, beside the former. Raises
        LibraryError where it is being written, KnownError where the tools cannot be started.
        """
        wishes = wishes or AnswerPreferences()
        message = self.library.messages.get(message_id)
        open_calls, any_calls = unfinished(message)
        if not any_calls:
            self.regenerate(message_id, wishes)
            return
        wishes = replace(self._own(message.conversation_id, wishes), tools=True)
        bundle = self._bundle(wishes)
        writer = self.library.messages.begin_addition(message_id)
        try:
            session = self.agent.session(message_id, message.conversation_id, bundle)
        except KnownError as error:
            writer.fail(str(error), {**message.details, KEY: kept(error.problem)})
            raise
        session.recall(message)
        answer = self._new_answer(0, writer, wishes, bundle, session)
        answer.filled, answer.artifacts = True, len(artifacts(message))
        if isinstance(message.parts[-1], TextPart):
            writer.text("\n\n")
        self.answers.resume(answer)
        session.resume(answer, open_calls)

    def prepare(self, conversation_id: int | None, text: str, wishes: AnswerPreferences) -> None:
        """Have the engine read what a person is still saying, so that the answer comes sooner. An
        engine that is at work is not disturbed."""
        before: list[Message] = []
        if conversation_id is not None:
            before = self.library.messages.path(conversation_id, limit=STEP)
            wishes = self._own(conversation_id, wishes)
        said = Message(0, 0, None, "user", "complete", 0, 0, (TextPart(0, text),), "", {}, 0, 1)
        client, bundle = self.engines.client(), self._bundle(wishes)
        tools = TurnTools()
        if wishes.with_tools:
            told = self.agent.briefing(conversation_id)
            tools = TurnTools(self.agent.offers(bundle, conversation_id).specs, told.text)
        path_of = partial(self._file, client)
        client.prepare(make_turn([*before, said], wishes, path_of, self._found, tools), bundle)

    def stop(self, conversation_id: int) -> None:
        """Stop what is being answered in a conversation; what came is kept."""
        self._asking.stop(conversation_id)
        self.clips.stop_all(conversation_id)
        for answer in self.answers.in_conversation(conversation_id):
            self.answers.stop(answer)

    def stop_artifact(self, message_id: int, index: int) -> None:
        """Stop one artifact; the rest of its answer goes on."""
        self.clips.stop(message_id)
        answer, client = self.answers.of(message_id), self.engines.now
        if answer is not None and client is not None:
            if answer.only is None:
                client.stop_artifact(answer.turn, index)
            else:
                client.stop(answer.turn)

    def embed(self, content: Words | Medium) -> Future[Embedding]:
        """Where it lies in the encoder's shared space; KnownError if another computer answers."""

        def place(client: EngineClient) -> Future[Embedding]:
            if client.place:
                raise KnownError("search by meaning is made on this computer alone.")
            if isinstance(content, Words):
                return client.embed(content)
            return client.embed(MediaPart(content.modality, self._file(client, content)))

        return self.engines.run(place)

    def _answer(self, message_id: int, writer: AnswerWriter, wishes: AnswerPreferences) -> None:
        wishes = self._own(writer.conversation_id, wishes)
        bundle = self._bundle(wishes)
        sessions: list[Session] = []

        def prepare(client: EngineClient) -> Callable[[], Answer]:
            if wishes.with_tools and not sessions:
                conversation = writer.conversation_id
                sessions.append(self.agent.session(writer.message_id, conversation, bundle))
            session = sessions[0] if sessions else None
            turn = self._turn(client, message_id, wishes, session)
            return lambda: self._new_answer(
                client.ask(turn, bundle), writer, wishes, bundle, session
            )

        self._asking.begin(writer, bundle, prepare)

    def _turn(
        self,
        client: EngineClient,
        message_id: int,
        wishes: AnswerPreferences,
        session: Session | None,
    ) -> Turn:
        """What the engine is asked: to answer a message, or to go on with an answer."""
        last = self.library.messages.get(message_id)
        before = self.library.messages.path(
            last.conversation_id, limit=messages_before(last.depth), before=message_id
        )
        tools = TurnTools() if session is None else session.turn_tools
        path = [*before, last]
        return make_turn(path, wishes, partial(self._file, client), self._found, tools)

    def _new_answer(
        self,
        turn: TurnId,
        writer: AnswerWriter,
        wishes: AnswerPreferences,
        bundle: str,
        session: Session | None,
    ) -> Answer:
        answer = Answer(turn, writer, self.engines.name_of(bundle), calls=session, wishes=wishes)
        answer.bundle_folder = bundle
        if session is not None and session.briefing.memories:
            answer.more["memories"] = list(session.briefing.memories)
        return answer

    def _go_on(self, session: Session) -> None:
        """Have the engine go on with an answer whose calls were made."""
        answer = session.answer
        assert answer is not None and isinstance(answer.wishes, AnswerPreferences)
        wishes, bundle = answer.wishes, answer.bundle_folder

        def ask(client: EngineClient) -> None:
            turn = self._turn(client, session.message_id, wishes, session)

            def start() -> TurnId:
                session.halt.check()
                answer.place = client.place or answer.place
                return client.ask(turn, bundle)

            self.answers.go_on(answer, start)

        self.engines.run(ask)

    def _ended(self, message_id: int) -> None:
        self.agent.ended(message_id)
        self._tell_ended(message_id)

    def _tidy(self) -> None:
        # A library that takes no writes now is tidied at another start.
        with contextlib.suppress(LibraryError):
            self.library.purge_expired()

    def _take(self, turn: TurnId, event: Event) -> None:
        self.answers.take(turn, event)

    def _stop_turn(self, turn: TurnId) -> None:
        if (client := self.engines.now) is not None:
            client.stop(turn)

    def _own(self, conversation_id: int, wishes: AnswerPreferences) -> AnswerPreferences:
        """The wishes, with those that the conversation has of its own where they say nothing."""
        return wishes.filled_from(self.library.conversations.settings(conversation_id))

    def _bundle(self, wishes: AnswerPreferences) -> str:
        """Name or folder of the bundle that is to answer."""
        return wishes.bundle or self.engines.choice.bundle

    def _keep_read(self, read: MediumRead) -> None:
        """What is not kept is read again in the next turn; the answer goes on."""
        try:
            self.library.media.set_observations(
                medium_at(read.path), to_library(read.observations), complete=not read.problems
            )
        except LibraryError as error:
            self._watcher.problem(problem_of(error))
