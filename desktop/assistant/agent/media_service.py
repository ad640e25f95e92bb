"""The media of a conversation for tools: what there is, copies of it, and new ones that are made
within the answer. Media are called as a person counts them: the second picture is `picture 2`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from desktop.assistant.agent.history import CALL, MADE
from desktop.assistant.media_folder import extension, file_name
from plugins.errors import KnownError
from storage.library import Library
from storage.records import Medium, MediumPart, Message

_WORDS = {"image": "picture", "audio": "sound", "video": "clip"}


class Studio(Protocol):
    """Has the engine make something within the answer."""

    def make(self, modality: str, caption: str, recipe: str | None) -> str:
        """The caption of what was made. With a `recipe` its seed and parameters are kept.

        Raises:
            KnownError: it could not be made.
        """
        ...


def media_of(messages: Sequence[Message]) -> dict[str, MediumPart]:
    """The media of a branch by reference, the oldest first. Recordings of words are none, and what
    a tool gave that was there before is not counted again."""
    counts: Counter[str] = Counter()
    found: dict[str, MediumPart] = {}
    there: set[str] = set()
    for message in messages:
        for part in message.parts:
            if isinstance(part, MediumPart) and not part.is_recording:
                again = CALL in part.details and part.medium.sha256 in there
                there.add(part.medium.sha256)
                if again and MADE not in part.details:
                    continue
                word = _WORDS.get(part.medium.modality, "file")
                counts[word] += 1
                found[f"{word} {counts[word]}"] = part
    return found


class ConversationMedia:
    """The media of one conversation's branch."""

    def __init__(self, library: Library, conversation_id: int, studio: Studio | None) -> None:
        self._library, self._conversation_id, self._studio = library, conversation_id, studio

    def reference_of(self, medium: Medium) -> str:
        """How a medium is called here; empty where it is not in this conversation."""
        found = self._found().items()
        return next((name for name, part in found if part.medium.sha256 == medium.sha256), "")

    def list(self) -> list[dict[str, Any]]:
        """Each with its reference, the oldest first."""
        return [
            {
                "reference": reference,
                "modality": part.medium.modality,
                "name": part.name or file_name(part.medium, words=_caption(part)),
                "caption": _caption(part) or self._seen(part.medium),
                "made": part.has_recipe,
            }
            for reference, part in self._found().items()
        ]

    def file(self, reference: str, folder: Path) -> dict[str, Any]:
        """A copy of a medium in a folder.

        Raises:
            KnownError: there is no such medium.
            LibraryError: it is gone or damaged, or the disk is full.
        """
        part = self._named(reference)
        name = file_name(part.medium, part.name, _caption(part))
        target = folder / f"{reference.replace(' ', '-')}{extension(part.medium)}"
        self._library.media.copy_to(part.medium.sha256, target)
        return {"path": str(target), "name": name, "mime": part.medium.mime}

    def make(self, modality: str, caption: str, like: str) -> dict[str, Any]:
        """Make a medium within the answer.

        Raises:
            KnownError: it cannot be made, or `like` names nothing that was.
        """
        if self._studio is None:
            raise KnownError("Nothing can be made from here.")
        recipe = None
        if like:
            part = self._named(like)
            recipe = self._library.messages.recipe(part.id)
            if recipe is None:
                raise KnownError(
                    "{reference}: expected something that Medley made, found a file that was "
                    "given. Make a new one.",
                    reference=like,
                )
        before = set(self._found())
        made = self._studio.make(modality, caption, recipe)
        new = [reference for reference in self._found() if reference not in before]
        return {"reference": new[-1] if new else "", "caption": made}

    def _found(self) -> dict[str, MediumPart]:
        return media_of(self._library.messages.path(self._conversation_id))

    def _named(self, reference: str) -> MediumPart:
        found = self._found()
        name = re.sub(r"[\s_-]+", " ", reference.strip().lower())
        if name not in found:
            known = ", ".join(found) or "-"
            raise KnownError(
                "{reference}: expected a medium of this conversation, found only: {known}.",
                reference=reference[:64],
                known=known[:500],
            )
        return found[name]

    def _seen(self, medium: Medium) -> str:
        """What readers found in it, in short."""
        if not medium.observed:
            return ""
        texts = [one.text for one in self._library.media.observations(medium.sha256)]
        return "; ".join(texts)[:200]


def _caption(part: MediumPart) -> str:
    return str(part.details.get("caption", ""))


def with_caption(recipe: str, caption: str) -> str | None:
    """The recipe with other words; None where it is not made of words."""
    data = _data(recipe)
    condition = data.get("condition")
    if not isinstance(condition, dict) or not isinstance(condition.get("caption"), str):
        return None
    return _json({**data, "condition": {"caption": caption}})


def with_condition(recipe: str, other: str) -> str:
    """The recipe with what another one shows."""
    return _json({**_data(recipe), "condition": _data(other).get("condition")})


def parameters_of(recipe: str) -> dict[str, int | float | bool | str]:
    """The renderer's parameters in a recipe."""
    parameters = _data(recipe).get("parameters")
    return {
        name: value
        for name, value in (parameters if isinstance(parameters, dict) else {}).items()
        if isinstance(value, int | float | bool | str)
    }


def _data(recipe: str) -> dict[str, Any]:
    try:
        data = json.loads(recipe)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))
