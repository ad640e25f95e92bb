"""Media that a request brings, as private files for the engine to read. Decodes no medium.

They come within the request itself (`data:`, base64). An address of the network is refused: this
server fetches nothing.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import msgspec

from desktop.serve.errors import ApiError, from_problem
from plugins.errors import KnownError
from plugins.observation import Observation
from runtime.messages import DOCUMENT, MediaPart, MediumRead

_DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[^;,]*)*),", re.ASCII)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}")
_NOUNS = {"image": "picture", "audio": "sound", "video": "clip"}
MOST_KEPT = 256


class Readings:
    """What readers found in media, so that a conversation that brings the same picture with every
    request has it read once. The newest are kept, in memory only."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[Observation, ...]] = OrderedDict()

    def find(self, key: str) -> tuple[Observation, ...] | None:
        """Of a medium that was read before; None of any other."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: str, found: tuple[Observation, ...]) -> None:
        """Remember what was found."""
        self._kept[key] = found
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


class Attachments:
    """The files of one request; `remove` them when it is answered."""

    def __init__(self, folder: Path, readings: Readings) -> None:
        self._folder, self._readings = folder, readings
        self._keys: dict[str, str] = {}
        """Of what each file holds, by its path."""
        self._places: dict[str, str] = {}
        """Where in the request each file stands, by its path."""

    def from_url(self, url: str, modality: str, where: str) -> MediaPart:
        """A medium from a `data:` address.

        Raises:
            ApiError: another address, or one that is broken.
        """
        found = _DATA.match(url)
        if found is None:
            shown = url[:60] + ("..." if len(url) > 60 else "")
            raise ApiError(
                f"{where}: expected the {_NOUNS.get(modality, 'file')} itself as "
                f"`data:...;base64,...`, found {shown!r}. This server is offline and fetches "
                "nothing: put the file's bytes into the request.",
                param=where,
                code="remote_url_not_supported",
            )
        content = url[found.end() :]
        if "base64" in (found[2] or "").lower():
            data = _bytes(content, where)
        else:
            data = unquote_to_bytes(content)
        return self.add(data, modality, _extension(found[1] or ""), where)

    def from_base64(self, data: str, modality: str, extension: str, where: str) -> MediaPart:
        """A medium from base64.

        Raises:
            ApiError: it is none.
        """
        if data.startswith("data:"):
            return self.from_url(data, modality, where)
        return self.add(_bytes(data, where), modality, extension, where)

    def from_file(self, data: str, name: str, where: str) -> MediaPart:
        """A file of any kind, from base64 or a `data:` address.

        Raises:
            ApiError: it is none, or of a kind that Medley does not read.
        """
        if not data:
            raise ApiError(
                f"{where}.file_data: expected the file's bytes as base64, found none. Files that "
                "were uploaded before are not known here.",
                param=f"{where}.file_data",
            )
        part = self.from_base64(data, DOCUMENT, Path(name).suffix, f"{where}.file_data")
        from runtime.media import detect_modality, document_mime

        with self.telling():
            modality = DOCUMENT if document_mime(part.path) else detect_modality(part.path)
        return msgspec.structs.replace(part, modality=modality, name=name)

    def add(self, data: bytes, modality: str, extension: str, where: str) -> MediaPart:
        """A medium as a file; what was found in the same one before comes with it.

        Args:
            data: the file's bytes.
            modality: what it is to be.
            extension: with the dot; one that is none is left out.
            where: it stands in the request.
        """
        suffix = extension.lower() if _EXTENSION.fullmatch(extension) else ""
        path = self._folder / f"{secrets.token_hex(16)}{suffix}"
        path.write_bytes(data)
        key = f"{modality} {hashlib.sha256(data).hexdigest()}"
        self._keys[str(path)], self._places[str(path)] = key, where
        return MediaPart(modality, str(path), observations=self._readings.find(key))

    def read(self, event: MediumRead) -> None:
        """Keep what readers found, where none of them failed."""
        key = self._keys.get(event.path)
        if key is not None and not event.problems:
            self._readings.keep(key, event.observations)

    def remove(self) -> None:
        """Delete the files."""
        for path in self._keys:
            with contextlib.suppress(OSError):
                Path(path).unlink()

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Says of a problem with a medium where in the request it stands, rather than in which
        file of the server."""
        try:
            yield
        except KnownError as error:
            raise self._told(str(error), from_problem(error.problem)) from error
        except ApiError as error:
            raise self._told(str(error), error) from error

    def _told(self, said: str, error: ApiError) -> ApiError:
        for path, where in self._places.items():
            if path in said:
                said = said.replace(path, where)
                return ApiError(said, status=error.status, code=error.code, param=where)
        return error


def _bytes(data: str, where: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", data), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(
            f"{where}: expected base64, found something else ({error}).",
            param=where,
            code="invalid_base64",
        ) from error


def _extension(mime: str) -> str:
    import mimetypes

    return mimetypes.guess_extension(mime) or ""
