"""What is read aloud of an answer while it grows: whole sentences, each once. Knows words."""

from __future__ import annotations

import re

from storage.records import Message

_SENTENCE = re.compile(r".+?(?:[.!?…](?=\s)|[。！？\n])", re.DOTALL)


class Announcer:
    """Remembers what of the last answer was said."""

    def __init__(self) -> None:
        self._said = (0, 0)

    def new_words(self, answer: Message) -> str:
        """What is to be said now; empty where nothing is."""
        said = self._said[1] if self._said[0] == answer.id else 0
        rest = answer.text[said:]
        text = rest if answer.state != "streaming" else "".join(_SENTENCE.findall(rest))
        self._said = (answer.id, said + len(text))
        return text.strip()
