"""How the texts of a conversation stand beside special tokens in the way NExT-GPT was trained:
white space on both sides of each is left out, as transformers did until 2023.

Knows texts and tokens; knows no template and no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runtime.language_model.chunks import TokenChunk
from runtime.language_model.text.joint_tokens import ControlToken, Piece, Tokenizer
from runtime.messages import MediaPart

_Element = Piece | TokenChunk | MediaPart


class Stripping:
    """A tokenizer whose special tokens take the white space on both sides."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    @property
    def bos(self) -> int | None:
        """See `Tokenizer`."""
        return self._tokenizer.bos

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """See `Tokenizer`."""
        return self._tokenizer.tokenize(text, parse_special=parse_special)

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """See `Tokenizer`."""
        return [
            part if isinstance(part, str) else replace(part, strips_left=True, strips_right=True)
            for part in self._tokenizer.control_tokens_in(text)
        ]


def stripped(elements: Sequence[_Element]) -> list[_Element]:
    """The elements, without the white space that stands before and behind tokens of a signal."""
    found: list[_Element] = []
    after = False
    for element in elements:
        if isinstance(element, tuple):
            text = element[0].lstrip() if after else element[0]
            after = after and not text
            found.append((text, element[1]))
            continue
        after = isinstance(element, TokenChunk) and bool(element.ids)
        if after:
            _strip_end(found)
        found.append(element)
    return found


def _strip_end(found: list[_Element]) -> None:
    """Take the white space off the end of the text that the elements end with."""
    for number in reversed(range(len(found))):
        element = found[number]
        if not isinstance(element, tuple):
            return
        found[number] = (element[0].rstrip(), element[1])
        if found[number] != ("", element[1]):
            return
