"""The media of a conversation in the terminal, for tools: files that were given, and what was made
and saved."""

from __future__ import annotations

import mimetypes
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.assistant.agent.media_service import (
    WORDS,
    parameters_of,
    with_caption,
    with_condition,
)
from desktop.assistant.agent.studio import QUICK
from desktop.cli.printing.terminal import Screen
from desktop.cli.turn import Interrupt, Save, remade
from plugins.errors import Cancelled, KnownError
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    MediaPart,
    Message,
    RenderProgress,
    TextPart,
    Turn,
    TurnFailed,
)

if TYPE_CHECKING:
    from desktop.cli.elsewhere import RemoteEngine
    from runtime.engine import Engine


class TerminalMedia:
    """For one answer. Thread contract: as a tool's service; the engine does nothing else then."""

    def __init__(
        self,
        engine: Engine | RemoteEngine,
        messages: Sequence[Message],
        save: Save,
        screen: Screen,
        interrupt: Interrupt,
    ) -> None:
        self._engine, self._save, self._screen = engine, save, screen
        self._interrupt = interrupt
        self._files: dict[str, tuple[str, Path, str, str, str]] = {}
        """By reference: modality, file, name, caption, recipe."""
        self._counts: Counter[str] = Counter()
        self._taken: list[tuple[ArtifactReady, Path]] = []
        for message in messages:
            for part in message.parts:
                if isinstance(part, MediaPart):
                    path = Path(part.path)
                    self._add(part.modality, path, part.name or path.name, "", "")

    def taken(self) -> list[tuple[ArtifactReady, Path]]:
        """What was made since this was asked last."""
        taken, self._taken = self._taken, []
        return taken

    def list(self) -> list[dict[str, Any]]:
        """Each with its reference, the oldest first."""
        return [
            {
                "reference": reference,
                "modality": modality,
                "name": name,
                "caption": caption,
                "made": bool(recipe),
            }
            for reference, (modality, _, name, caption, recipe) in self._files.items()
        ]

    def file(self, reference: str, folder: Path) -> dict[str, Any]:
        """A copy of one.

        Raises:
            KnownError: there is none of this name.
        """
        _, path, name, _, _ = self._named(reference)
        target = folder / f"{reference.replace(' ', '-')}{path.suffix}"
        shutil.copyfile(path, target)
        mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return {"path": str(target), "name": name, "mime": mime}

    def make(self, modality: str, caption: str, like: str) -> dict[str, Any]:
        """Make one; with `like` the seed and the parameters of another one are kept.

        Raises:
            KnownError: it could not be made.
            Cancelled: it was stopped.
        """
        recipe = self._named(like)[4] if like else ""
        made = self._made(modality, caption, recipe) if recipe else self._asked(modality, caption)
        path = self._save(made)
        self._screen.saved(made, path)
        self._taken.append((made, path))
        words = made.caption or caption
        return {"reference": self._add(modality, path, path.name, words, made.recipe),
                "caption": words}  # fmt: skip

    def _made(self, modality: str, caption: str, recipe: str) -> ArtifactReady:
        changed = with_caption(recipe, caption)
        if changed is None:
            kept = parameters_of(recipe)
            quick = {name: QUICK.get(name, value) for name, value in kept.items()}
            changed = with_condition(recipe, self._asked(modality, caption, quick).recipe)
        return remade(self._engine, changed, self._interrupt.cancelled)

    def _asked(
        self,
        modality: str,
        caption: str,
        parameters: dict[str, int | float | bool | str] | None = None,
    ) -> ArtifactReady:
        turn = Turn(
            messages=(Message("user", (TextPart(caption),)),),
            allowed=(modality,),
            parameters={modality: parameters} if parameters else {},
        )
        made: ArtifactReady | None = None
        for event in self._engine.answer(turn, self._interrupt.cancelled):
            match event:
                case ArtifactReady():
                    made = made or event
                case RenderProgress():
                    self._screen.progress(event)
                case ArtifactFailed() | TurnFailed():
                    raise KnownError(event.problem)
        if self._interrupt.asked:
            raise Cancelled
        if made is None:
            raise KnownError(f"nothing was made in {modality}; ask in other words.")
        return made

    def _add(self, modality: str, path: Path, name: str, caption: str, recipe: str) -> str:
        word = WORDS.get(modality, "file")
        self._counts[word] += 1
        reference = f"{word} {self._counts[word]}"
        self._files[reference] = modality, path, name, caption, recipe
        return reference

    def _named(self, reference: str) -> tuple[str, Path, str, str, str]:
        found = self._files.get(reference.strip().lower())
        if found is None:
            known = ", ".join(self._files) or "none"
            raise KnownError(f"{reference[:64]}: expected one of {known}.")
        return found
