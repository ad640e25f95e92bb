"""What the window and the assistant see of the agent: which answers may ask for tools, what waits
for the person, and the person's answers.

Thread contract: every method may be called from any thread; those that wait say so.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from desktop.assistant.agent import history
from desktop.assistant.agent.briefing import Briefing, briefing
from desktop.assistant.agent.consent import Choice, Question
from desktop.assistant.agent.halt import Halt
from desktop.assistant.agent.host import Host
from desktop.assistant.agent.media_service import ConversationMedia
from desktop.assistant.agent.offers import Offers
from desktop.assistant.agent.search_service import Resembling
from desktop.assistant.agent.services import Services
from desktop.assistant.agent.session import Elicitation, Session, Surroundings
from desktop.assistant.agent.studio import AnswerStudio
from desktop.assistant.agent.toolbox import Toolbox
from desktop.assistant.answer import Watcher
from desktop.assistant.answers import Answers
from desktop.assistant.engines import Engines
from desktop.tools.protocol import Context, Elicited, GrantedFolder, Server, Tools
from desktop.tools.servers import enabled_servers
from plugins.errors import KnownError
from plugins.switches import enabled_plugins
from runtime.bundle.bundle import find_bundle, read_manifest
from runtime.messages import ToolCallPart
from storage.library import Library
from storage.records import Medium, Message, ToolPart


class Agent:
    """The tools of one library's answers."""

    def __init__(
        self,
        library: Library,
        engines: Engines,
        answers: Answers,
        watcher: Watcher,
        go_on: Callable[[Session], None],
        toolbox: Toolbox | None = None,
    ) -> None:
        """Nothing is started yet. `go_on` asks the engine for the next step of an answer."""
        self.host: Host | None = None
        """The window; set before the first answer."""
        self.take: Callable[[Path], Medium] = _taken_by_nobody
        """Takes a file that a tool gave into the library; set before the first answer."""
        self.resembling: Resembling | None = None
        """Finds media by meaning."""
        self.language: Callable[[], str] = lambda: "en"
        self._library, self._engines, self._answers = library, engines, answers
        self._lock = threading.Lock()
        self._sessions: dict[int, Session] = {}
        """By message."""
        self._configured = False
        self.toolbox = toolbox or Toolbox(on_tools=watcher.tools)
        self._around = Surroundings(
            library, answers, self.toolbox, watcher.consent, lambda path: self.take(path), go_on,
            watcher.call_progress, self._services,
        )  # fmt: skip

    def configure(self) -> None:
        """Read anew which plugins and servers the person switched on; unchanged ones stay.

        Raises:
            KnownError: the file of the servers cannot be read.
        """
        servers: Sequence[Server] = enabled_servers()
        self._configured = True
        self.toolbox.configure(sorted(enabled_plugins()), servers)

    def tools(self) -> Tools:
        """All tools and servers there are; waits for the process to start.

        Raises:
            KnownError: it does not start.
        """
        if not self._configured:
            self.configure()
        return self.toolbox.tools()

    def offers(self, bundle: str, conversation_id: int | None) -> Offers:
        """What a model is offered; waits as `tools` does."""
        found = self.tools()
        servers = [server.name for server in found.servers]
        folders = bool(self._folders(conversation_id))
        n_ctx = self._engines.context_there(bundle)
        if n_ctx is None:
            n_ctx = context_of(bundle)
        return Offers(found.tools, n_ctx, servers, folders=folders)

    def session(self, message_id: int, conversation_id: int, bundle: str) -> Session:
        """The calls of an answer that is to be written into a message; waits as `tools` does."""
        made = Session(
            self._around,
            self.offers(bundle, conversation_id),
            self.briefing(conversation_id),
            message_id,
            conversation_id,
            lambda: self._context(conversation_id),
        )
        with self._lock:
            self._sessions[message_id] = made
        return made

    def briefing(self, conversation_id: int | None) -> Briefing:
        """What a model with tools is told beside its task."""
        memories = self._library.memories.all()
        folders = self._folders(conversation_id)
        return briefing(memories, folders, datetime.date.today())

    def ended(self, message_id: int) -> None:
        """An answer is over."""
        with self._lock:
            self._sessions.pop(message_id, None)

    def pending(self, conversation_id: int | None = None) -> list[Question | Elicitation]:
        """What waits for the person in a conversation, or in all."""
        found: list[Question | Elicitation] = []
        for session in self._live():
            if conversation_id in (None, session.conversation_id):
                found += session.questions
                found += session.elicitations
        return found

    def question(self, message_id: int, call_id: str) -> Question | None:
        """What the card of a call asks; None where it does not ask, or not any more."""
        session = self._sessions.get(message_id)
        questions = [] if session is None else session.questions
        return next((one for one in questions if one.call_id == call_id), None)

    def answer_consent(self, message_id: int, call_id: str, choice: Choice) -> bool:
        """The person's answer to a card; False where it waits for none: too late, twice, or a
        choice that is not offered."""
        session = self._sessions.get(message_id)
        return session is not None and session.answer_consent(call_id, choice)

    def answer_elicit(
        self, id_: int, action: Literal["accept", "decline", "cancel"], content: str = ""
    ) -> bool:
        """The person's answer to a server's question (`Elicitation.asked.id`); False where it
        waits for none. `content` is a JSON object, where it is accepted."""
        elicited = Elicited(id_, action, content)
        return any(session.answer_elicit(id_, elicited) for session in self._live())

    def undo(self, message_id: int, call_id: str) -> str:
        """Take back what a call did; a sentence that says so. Waits.

        Raises:
            KnownError: it cannot be taken back.
        """
        message = self._library.messages.get(message_id)
        part = _call_of(message, call_id)
        state = None if part is None else part.details.get("undo")
        if part is None or not isinstance(state, str) or part.details.get("undone"):
            raise KnownError("This cannot be taken back.")
        outcome = self.toolbox.undo(
            part.server, part.tool, state, self._context(message.conversation_id), _Alone(), Halt()
        )
        if not hasattr(outcome, "text"):
            raise KnownError(outcome.problem)
        self._library.tools.note(message_id, call_id, {"undone": outcome.text})
        return outcome.text

    def close(self) -> None:
        """End what runs without a word, so that its answers are interrupted; then the process."""
        live = self._live()
        for session in live:
            session.close()
        self.toolbox.close()
        for session in live:
            session.join()

    def _live(self) -> list[Session]:
        with self._lock:
            return list(self._sessions.values())

    def _folders(self, conversation_id: int | None) -> tuple[GrantedFolder, ...]:
        return tuple(
            GrantedFolder(folder.path, folder.writable)
            for folder in self._library.tools.folders(conversation_id)
        )

    def _context(self, conversation_id: int) -> Context:
        return Context(self._folders(conversation_id), self.language())

    def _services(self, session: Session, call_id: str) -> Services:
        studio = None
        if session.answer is not None:
            studio = AnswerStudio(
                self._engines, self._answers, session.answer, session.answer.bundle_folder,
                session.halt, call_id,
            )  # fmt: skip
        media = ConversationMedia(self._library, session.conversation_id, studio)
        return Services(
            self._library, self.host, media, message_id=session.message_id,
            conversation_id=session.conversation_id, resembling=self.resembling,
            names=media.reference_of,
        )  # fmt: skip


class _Alone:
    """A call that needs nothing of Medley's."""

    def serve(self, name: str, arguments: dict[str, object]) -> dict[str, object]:
        """Raises:
        KnownError: always.
        """
        raise KnownError("This is not done while something is taken back.")

    def elicit(self, asked: object, answer: Callable[[Elicited], None]) -> None:
        """Nobody is asked."""
        answer(Elicited(getattr(asked, "id", 0), "cancel"))

    def progressed(self, step: int, of: int) -> None:
        """Nobody is told."""


def unfinished(message: Message) -> tuple[list[ToolCallPart], bool]:
    """The calls of an interrupted answer that were not decided on, as the model asked for them;
    and whether the answer holds any calls."""
    calls = [part for part in message.parts if isinstance(part, ToolPart)]
    open_ = [
        ToolCallPart(
            part.call_id,
            str(part.details.get(history.NAME, part.tool)),
            str(part.details.get(history.SENT, part.arguments)),
        )
        for part in calls
        if part.state in ("asking", "interrupted") and "decision" not in part.details
    ]
    return open_, bool(calls)


def _call_of(message: Message, call_id: str) -> ToolPart | None:
    calls = [part for part in message.parts if isinstance(part, ToolPart)]
    return next((part for part in calls if part.call_id == call_id), None)


def context_of(bundle: str) -> int:
    """Positions of a bundle's context, as its manifest has them; 0 where there is none."""
    try:
        return read_manifest(find_bundle(bundle)).language_model.n_ctx
    except KnownError:
        return 0


def _taken_by_nobody(path: Path) -> Medium:
    raise KnownError("{name}: it cannot be kept here.", name=path.name)
