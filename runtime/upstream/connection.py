"""The connection to one OpenAI-compatible server, and what it says when it cannot answer.

Knows HTTP and the API's shapes; knows no conversation. Sends nothing anywhere else: no proxy of the
environment, no redirection.
"""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

from plugins.errors import Cancelled, KnownError, Problem, phrase
from plugins.printable import one_line
from runtime.upstream.places import Place

if TYPE_CHECKING:
    import httpx2

Json = dict[str, Any]
_CONNECT_S, _READ_S = 10.0, 600.0
_LOOK_S = 0.05
"""Seconds between looks whether to stop."""
_SAID = 300
"""Characters of what a server says."""
_CONTEXT_WORDS = ("context_length", "context length", "context size", "maximum context", "n_ctx")
_LONGEST_LINE = 16 * 2**20


class Refused(KnownError):  # noqa: N818  (the world's fault, told in a sentence)
    """The server answered that it will not do what was asked."""

    def __init__(self, problem: Problem, status: int, said: str) -> None:
        super().__init__(problem)
        self.status = status
        self.said = said
        """Its own words."""


class Connection:
    """Asks one server. One thread at a time."""

    def __init__(self, place: Place, key: str) -> None:
        """Connects with the first request.

        Args:
            place: the server; whether it may be asked is decided before.
            key: that it asks for; empty for none.
        """
        import httpx2

        self._place = place
        self._client = httpx2.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx2.Timeout(_READ_S, connect=_CONNECT_S),
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        """Let go of it; safe to call twice."""
        self._client.close()

    def models(self) -> list[Json]:
        """The models that it has, as it tells of them.

        Raises:
            KnownError: it cannot be reached, refuses, or is no such server.
        """
        told = self._json(self._client.build_request("GET", f"{self._place.url}/models"))
        listed = told.get("data")
        if not isinstance(listed, list):
            raise self._strange()
        return [one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str)]

    def asked(self, body: Json) -> Json:
        """A chat completion that comes as a whole.

        Raises:
            KnownError: it cannot be reached, refuses (`Refused`), or is no such server.
        """
        return self._json(self._post(body))

    def streamed(self, body: Json, cancelled: Callable[[], bool]) -> Generator[Json, None, None]:
        """The chunks of a chat completion as they come; closing the iterator ends the request.

        Args:
            body: of the request.
            cancelled: asked often.

        Raises:
            KnownError: as `asked`; or the stream ended within the answer.
            Cancelled: stopped.
        """
        request = self._post({**body, "stream": True, "stream_options": {"include_usage": True}})
        reader = _Reader(self._client, request)
        try:
            for line in reader.lines(cancelled):
                if (chunk := self._chunk(line)) is None:
                    return
                yield chunk
        finally:
            reader.end()
        raise KnownError(
            "upstream {host}: expected the whole answer, found that the connection ended within "
            "it. Ask again.",
            "network",
            host=self._place.shown,
        )

    def _post(self, body: Json) -> httpx2.Request:
        return self._client.build_request("POST", f"{self._place.url}/chat/completions", json=body)

    def _chunk(self, line: str | _Ended) -> Json | None:
        """A chunk of a stream, empty for a line that is none; None at its end."""
        if isinstance(line, _Ended):
            self._raise(line)
            return {}
        if not line.startswith("data:"):
            return {}
        data = line[len("data:") :].strip()
        if data == "[DONE]":
            return None
        try:
            chunk = json.loads(data)
        except ValueError as error:
            raise self._strange() from error
        if not isinstance(chunk, dict):
            raise self._strange()
        if "error" in chunk:
            raise self._refusal(0, chunk)
        return chunk

    def _raise(self, ended: _Ended) -> None:
        """What ended a stream before its end, as a sentence; nothing where the server just closed
        it."""
        if ended.status is not None:
            raise self._refusal(ended.status, _parsed(ended.body))
        if ended.error is not None and not ended.began:
            raise self._unreachable(ended.error)

    def _json(self, request: httpx2.Request) -> Json:
        import httpx2

        try:
            answer = self._client.send(request)
        except httpx2.HTTPError as error:
            raise self._unreachable(error) from error
        told = _parsed(answer.content)
        if answer.status_code != 200:
            raise self._refusal(answer.status_code, told)
        if told is None:
            raise self._strange()
        return told

    def _unreachable(self, error: Exception) -> KnownError:
        return KnownError(
            "upstream {host}: expected a server that answers, found none ({error}). Start it, or "
            "name another one: `medley models make`.",
            "network",
            host=self._place.shown,
            error=one_line(str(error) or type(error).__name__)[:_SAID],
        )

    def _strange(self) -> KnownError:
        return KnownError(
            "upstream {host}: expected a server with OpenAI's API, found that it answers in "
            "another way. Check the address; most end in /v1.",
            "network",
            host=self._place.shown,
        )

    def _refusal(self, status: int, told: Json | None) -> KnownError:
        said, code = _said(told)
        host = self._place.shown
        lower = f"{said} {code}".lower()
        if status in (401, 403):
            problem = phrase(
                "upstream {host}: expected that it accepts the key, found that it refuses "
                "({status}). Name the file of its key with --key-file: `medley models make`.",
                host=host,
                status=status,
            )
        elif any(word in lower for word in _CONTEXT_WORDS):
            problem = Problem(
                "upstream {host}: expected a conversation that its model can read at once, found "
                "that it is too long: {said} Begin a new one, or give fewer or shorter files.",
                {"host": host, "said": _ended(said)},
                "context",
            )
        elif told is None:
            return self._strange() if status in (0, 200, 404, 405) else self._fault(status, "")
        elif status == 404:
            problem = phrase(
                "upstream {host}: expected the model that the bundle names, found: {said} Name "
                "one that it has: `medley models make` with --upstream-model.",
                host=host,
                said=_ended(said),
            )
        else:
            return self._fault(status, said)
        if not problem.kind:
            problem = Problem(problem.template, problem.arguments, "network")
        return Refused(problem, status, said)

    def _fault(self, status: int, said: str) -> Refused:
        problem = Problem(
            "upstream {host}: expected an answer, found that it cannot give one ({status}): "
            "{said} Ask again; if that does not help, look at what the server itself writes.",
            {"host": self._place.shown, "status": status, "said": _ended(said)},
            "network",
        )
        return Refused(problem, status, said)


class _Ended:
    """How a stream ended."""

    def __init__(
        self,
        *,
        began: bool = False,
        status: int | None = None,
        body: bytes = b"",
        error: Exception | None = None,
    ) -> None:
        self.began, self.status, self.body, self.error = began, status, body, error


class _Reader:
    """Reads a stream on a thread of its own, so that a stop need not wait for the server."""

    def __init__(self, client: httpx2.Client, request: httpx2.Request) -> None:
        self._client, self._request = client, request
        self._lines: queue.SimpleQueue[str | _Ended] = queue.SimpleQueue()
        self._response: httpx2.Response | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, name="upstream", daemon=True)
        self._thread.start()

    def lines(self, cancelled: Callable[[], bool]) -> Iterator[str | _Ended]:
        """What comes; the last is how it ended.

        Raises:
            Cancelled: stopped.
        """
        while True:
            if cancelled():
                raise Cancelled("the answer was stopped")
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=_LOOK_S)
                yield line
                if isinstance(line, _Ended):
                    return

    def end(self) -> None:
        """Hang up; the thread ends then."""
        self._stopped.set()
        response = self._response
        if response is not None and self._thread.is_alive():
            stream = response.extensions.get("network_stream")
            found = None if stream is None else stream.get_extra_info("socket")
            if found is not None:
                with contextlib.suppress(OSError):
                    found.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        began = False
        try:
            response = self._response = self._client.send(self._request, stream=True)
            with contextlib.closing(response):
                if self._stopped.is_set():
                    return
                if response.status_code != 200:
                    body = response.read()
                    self._lines.put(_Ended(status=response.status_code, body=body))
                    return
                if "event-stream" not in response.headers.get("content-type", ""):
                    self._lines.put(_Ended(status=200))
                    return
                began = True
                for line in response.iter_lines():
                    if self._stopped.is_set():
                        return
                    self._lines.put(line[:_LONGEST_LINE])
                self._lines.put(_Ended(began=True))
        except Exception as error:  # noqa: BLE001  told to whoever waits, who knows what was asked
            self._lines.put(_Ended(began=began, error=error))


def _parsed(body: bytes) -> Json | None:
    with contextlib.suppress(ValueError):
        told = json.loads(body)
        return told if isinstance(told, dict) else None
    return None


def _said(told: Json | None) -> tuple[str, str]:
    """The words of a refusal and its code, as the servers that there are write them."""
    error = (told or {}).get("error", told or {})
    if not isinstance(error, dict):
        return one_line(str(error))[:_SAID], ""
    words = error.get("message") or error.get("detail") or ""
    return one_line(str(words))[:_SAID], str(error.get("code") or error.get("type") or "")


def _ended(said: str) -> str:
    """What a server said, as a sentence within another."""
    said = said.strip() or "it does not say why"
    return said if said.endswith((".", "!", "?")) else f"{said}."
