"""Has the engine make a picture, sound or clip within an answer, between two of its steps: the
engine has nothing else to do then. What is made becomes a part of the answer."""

from __future__ import annotations

from collections.abc import Callable

from desktop.assistant.agent.halt import Halt
from desktop.assistant.agent.history import CALL, MADE
from desktop.assistant.agent.media_service import parameters_of, with_caption, with_condition
from desktop.assistant.answer import Answer, TurnId
from desktop.assistant.answers import Answers
from desktop.assistant.engines import Engines
from plugins.errors import KnownError
from runtime.messages import ArtifactReady, Message, TextPart, Turn
from runtime.worker.client import EngineClient

QUICK = {"steps": 1}
"""Of a rendering that is made for its condition alone."""


class AnswerStudio:
    """For one call of an answer. Thread contract: as a tool's service, on a thread that waits."""

    def __init__(
        self, engines: Engines, answers: Answers, answer: Answer, bundle: str, halt: Halt, call: str
    ) -> None:
        self._engines, self._answers, self._answer = engines, answers, answer
        self._bundle, self._halt, self._call = bundle, halt, call

    def make(self, modality: str, caption: str, recipe: str | None) -> str:
        """Make one. With a `recipe` its seed and parameters are kept, and what it shows is new.

        Raises:
            KnownError: it could not be made.
            Cancelled: it was stopped.
        """
        if recipe is None:
            return self._made(modality, lambda client: self._ask(client, modality, caption)).caption
        bundle = self._engines.bundle_of(recipe, self._bundle)
        changed = with_caption(recipe, caption)
        if changed is None:
            kept = parameters_of(recipe)
            quick = {name: QUICK.get(name, value) for name, value in kept.items()}
            shown = self._made(
                modality,
                lambda client: self._ask(client, modality, caption, quick, bundle),
                keep=False,
            )
            changed = with_condition(recipe, shown.recipe)
        again = changed
        made = self._made(modality, lambda client: client.render(again, bundle=bundle))
        return made.caption or caption

    def _ask(
        self,
        client: EngineClient,
        modality: str,
        caption: str,
        parameters: dict[str, int | float | bool | str] | None = None,
        bundle: str = "",
    ) -> TurnId:
        turn = Turn(
            messages=(Message("user", (TextPart(caption),)),),
            allowed=(modality,),
            parameters={modality: parameters} if parameters else {},
            previews=True,
        )
        return client.ask(turn, bundle or self._bundle)

    def _made(
        self, modality: str, start: Callable[[EngineClient], TurnId], *, keep: bool = True
    ) -> ArtifactReady:
        details = {CALL: self._call, MADE: True}
        aside = self._answers.make(
            self._answer, modality, lambda: self._engines.run(start), details, keep=keep
        )
        with self._halt.calling(lambda: self._stop(aside.turn)):
            aside.future.result()
        self._halt.check()
        if aside.made is None:
            raise KnownError(aside.problem)
        return aside.made

    def _stop(self, turn: TurnId) -> None:
        client = self._engines.now
        if client is not None:
            client.stop(turn)
