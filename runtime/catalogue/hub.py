"""Fetches files of Hugging Face repositories through huggingface_hub's session, resuming them.

The endpoint is HF_ENDPOINT, else Hugging Face's own. No token is sent, nothing is reported, and a
redirect is followed only to the endpoint itself or, over https, to Hugging Face's own hosts.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from runtime.catalogue.entry import CatalogueFile, Hub
from runtime.catalogue.errors import FetchError, UnreachableError

if TYPE_CHECKING:
    import httpx2

TIMEOUT_S = 8.0
"""Seconds to wait for an answer, and between two pieces of a file."""
CONNECT_S = 5.0
TRIES = 4
HOSTS = ("huggingface.co", "hf.co")
_GONE = (401, 403, 404, 410)


class RedirectRefusedError(Exception):
    """The hub sent us to a place that is not its own."""


def prepare() -> None:
    """Set up huggingface_hub for this process. Before anything imports it."""
    os.environ.update(
        HF_HUB_OFFLINE="0",
        HF_HUB_DISABLE_TELEMETRY="1",
        HF_HUB_DISABLE_IMPLICIT_TOKEN="1",
        HF_HUB_DISABLE_PROGRESS_BARS="1",
        HF_HUB_DISABLE_UPDATE_CHECK="1",
        HF_HUB_DISABLE_XET="1",
    )
    import httpx2
    from huggingface_hub import constants, set_client_factory

    own = _origin(constants.ENDPOINT)

    def guard(request: httpx2.Request) -> None:
        if not is_allowed(str(request.url), own):
            raise RedirectRefusedError(str(request.url))

    def client() -> httpx2.Client:
        return httpx2.Client(
            event_hooks={"request": [guard]},
            follow_redirects=True,
            timeout=httpx2.Timeout(TIMEOUT_S, connect=CONNECT_S),
        )

    set_client_factory(client)


def is_allowed(url: str, own: tuple[str, str, int]) -> bool:
    """True if a request may go there: the endpoint's own origin, or https to Hugging Face."""
    scheme, host, port = _origin(url)
    if (scheme, host, port) == own:
        return True
    named = any(host == known or host.endswith(f".{known}") for known in HOSTS)
    return scheme == "https" and port == 443 and named


def fetch(source: Hub, file: CatalogueFile, part: Path) -> None:
    """Bring one file to `part`, going on where an earlier download ended.

    Raises:
        FetchError: it could not be had; what came is kept.
        OSError: the disk refuses.
    """
    import httpx2

    for attempt in range(1, TRIES + 1):
        before = part.stat().st_size if part.exists() else 0
        if before >= file.bytes:
            return
        try:
            _go_on(source, file, part, before)
        except RedirectRefusedError as error:
            raise FetchError(
                "redirect",
                "{repository}: expected the file from the hub itself, found a redirect to "
                "{netloc}. It was not followed; tell Medley's authors.",
                repository=source.repository,
                netloc=urlsplit(str(error)).netloc,
            ) from error
        except httpx2.HTTPError as error:
            came = part.exists() and part.stat().st_size > before
            if attempt == TRIES or not came:
                raise UnreachableError(
                    "expected an answer from {endpoint}, found: {clause}. Connect to the "
                    "internet, then fetch it again.",
                    endpoint=_endpoint(),
                    clause=_clause(error),
                ) from error
            time.sleep(attempt)
        else:
            return


def _go_on(source: Hub, file: CatalogueFile, part: Path, before: int) -> None:
    from huggingface_hub import get_session, hf_hub_url

    url = hf_hub_url(source.repository, source.file, revision=source.revision)
    headers = {"Accept-Encoding": "identity"}
    if before:
        headers["Range"] = f"bytes={before}-"
    with get_session().stream("GET", url, headers=headers) as response:
        _check_status(response, source)
        resumed = response.status_code == 206 and _starts_at(response, before)
        written = before if resumed else 0
        with part.open("ab" if resumed else "wb") as stream:
            for piece in response.iter_raw():
                written += len(piece)
                if written > file.bytes:
                    raise FetchError(
                        "bytes",
                        "{repository}: expected {bytes} bytes of {source_file}, found more. "
                        "It was not kept; tell Medley's authors.",
                        repository=source.repository,
                        bytes=file.bytes,
                        source_file=source.file,
                    )
                stream.write(piece)


def _check_status(response: Any, source: Hub) -> None:
    code = response.status_code
    if code in (200, 206):
        return
    if code in _GONE:
        raise FetchError(
            "absent",
            "{repository}: expected the file {source_file}, found that the hub does not give "
            "it (status {code}). Tell Medley's authors.",
            repository=source.repository,
            source_file=source.file,
            code=code,
        )
    raise UnreachableError(
        "expected the file {source_file} from {endpoint}, found status {code}. Fetch it "
        "again later.",
        source_file=source.file,
        endpoint=_endpoint(),
        code=code,
    )


def _starts_at(response: Any, start: int) -> bool:
    return str(response.headers.get("Content-Range", "")).startswith(f"bytes {start}-")


def _endpoint() -> str:
    from huggingface_hub import constants

    return urlsplit(constants.ENDPOINT).netloc


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or default


def _clause(error: Exception) -> str:
    """The problem of a connection, as a clause without a full stop."""
    return (str(error) or type(error).__name__).strip().rstrip(".")
