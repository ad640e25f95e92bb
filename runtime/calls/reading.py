"""Reads the calls that a model wrote by a grammar of `runtime.calls.grammar`.

Knows the format and plain schemas; knows no model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from runtime.bundle.manifest import ToolsSpec
from runtime.calls.grammar import ID_LENGTH
from runtime.calls.schema import Schema, kinds, properties

_LOOSE_KEY = re.compile(r'\s*,\s*"(?:arguments|parameters)"\s*:\s*')
_NUMBER = re.compile(r"-?[0-9.]+([eE][-+]?[0-9]+)?")
_KEY = re.compile(r"[^:{}\[\],]+")
_JSON = json.JSONDecoder()


@dataclass(frozen=True)
class Written:
    """One call as the model wrote it."""

    name: str
    arguments: str
    """A JSON object."""


class _Unfinished(Exception):  # noqa: N818  (no error: the rest has not come yet)
    """The text ends within a call."""


class CallReader:
    """Reads calls in one format."""

    def __init__(self, form: ToolsSpec, schemas: Mapping[str, Schema], sign: str) -> None:
        """`sign` is the mark that calls begin with; the texts that are read begin behind it."""
        self._form = form
        self._schemas = dict(sorted(schemas.items(), key=lambda one: -len(one[0])))
        self._opened = (form.calls_open + form.call_open).lstrip()[len(sign) :]
        self._last = (form.calls_close or form.call_close).split("{id}")[-1][-1:]

    def is_whole(self, text: str) -> bool:
        """Whether nothing is missing from calls that have begun."""
        return text.endswith(self._last) and bool(self.read(text))

    def read(self, text: str) -> tuple[Written, ...]:
        """The calls; none where one is not whole."""
        try:
            return tuple(self._calls(_Text(text)))
        except _Unfinished:
            return ()

    def is_loose_whole(self, name: str, text: str) -> bool:
        """As `is_whole`, for JSON that stands alone and was read up to the tool's name."""
        return text.endswith("}") and bool(self.read_loose(text, name))

    def read_loose(self, text: str, name: str) -> tuple[Written, ...]:
        """The call in JSON that stands alone, see `is_loose_whole`."""
        key = _LOOSE_KEY.match(text)
        if key is None:
            return ()
        try:
            _, end = _JSON.raw_decode(text, key.end())
        except (ValueError, RecursionError):
            return ()
        closed = text[end:].strip() == "}"
        return (Written(name, text[key.end() : end]),) if closed else ()

    def _calls(self, text: _Text) -> Iterator[Written]:
        form, (middle, *rest) = self._form, self._form.call_middle.split("{id}")
        text.skip(self._opened)
        while True:
            name = text.one_of(name + middle for name in self._schemas).removesuffix(middle)
            text.skip("{id}".join(["", *rest]) if rest else "")
            arguments = self._arguments(text, self._schemas[name])
            text.skip(form.call_close)
            yield Written(name, arguments)
            again = form.calls_between + form.call_open
            if not form.calls_close or not text.follows(again):
                text.skip(form.calls_close)
                return
            text.skip(again)

    def _arguments(self, text: _Text, schema: Schema) -> str:
        if self._form.arguments == "json":
            return text.json()
        if self._form.arguments == "quoted":
            return json.dumps(text.quoted(self._form.argument_open), ensure_ascii=False)
        form, found = self._form, dict[str, object]()
        while text.follows(form.argument_open):
            text.skip(form.argument_open)
            name, value = text.until(form.argument_middle), text.until(form.argument_close)
            found[name] = _typed(value, properties(schema).get(name, {}))
        return json.dumps(found, ensure_ascii=False)


class _Text:
    """A text and how far it is read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def follows(self, piece: str) -> bool:
        return bool(piece) and self._text.startswith(piece.split("{id}")[0], self._at)

    def skip(self, piece: str) -> None:
        """Pass over a piece of the format, and the ids in it."""
        for number, part in enumerate(piece.split("{id}")):
            self._at += ID_LENGTH if number else 0
            if not self._text.startswith(part, self._at):
                raise _Unfinished
            self._at += len(part)

    def one_of(self, texts: Iterator[str]) -> str:
        for text in texts:
            if self._text.startswith(text, self._at):
                self._at += len(text)
                return text
        raise _Unfinished

    def until(self, end: str) -> str:
        found = self._text.find(end, self._at)
        if found < 0:
            raise _Unfinished
        begin, self._at = self._at, found + len(end)
        return self._text[begin:found]

    def json(self) -> str:
        return self._taken(lambda: _JSON.raw_decode(self._text, self._at)[1])

    def quoted(self, mark: str) -> object:
        """A value whose keys are bare and whose texts stand between marks."""
        if self._next("{"):
            found: dict[str, object] = {}
            while not self._next("}"):
                self._next(",")
                key = self._match(_KEY).strip()
                self.skip(":")
                found[key] = self.quoted(mark)
            return found
        if self._next("["):
            items: list[object] = []
            while not self._next("]"):
                self._next(",")
                items.append(self.quoted(mark))
            return items
        self._blanks()
        if self._text.startswith(mark, self._at):
            self.skip(mark)
            return self.until(mark)
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self._next(word):
                return value
        return json.loads(self._match(_NUMBER))

    def _next(self, text: str) -> bool:
        """Whether this comes, blanks aside; then it is passed over."""
        self._blanks()
        if self._at >= len(self._text):
            raise _Unfinished
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _blanks(self) -> None:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1

    def _match(self, wanted: re.Pattern[str]) -> str:
        match = wanted.match(self._text, self._at)
        if match is None or match.end() == len(self._text):
            raise _Unfinished
        self._at = match.end()
        return match.group()

    def _taken(self, end: Callable[[], int]) -> str:
        begin = self._at
        try:
            self._at = end()
        except (ValueError, RecursionError) as error:
            raise _Unfinished from error
        return self._text[begin : self._at]


def _typed(text: str, schema: Schema) -> object:
    """The value that a text between tags stands for: words as they are, other kinds from JSON."""
    found = kinds(schema)
    if found == {"string"}:
        return text
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, str) else value
