"""Has the pictures that the window shows: out of the library, never from a file or the network.

`image://medley/thumbnail/SHA`, `image://medley/shown/SHA`, `image://medley/step/MESSAGE/ARTIFACT/N`.
Formats that Qt decodes by itself are read as they are; everything else is a preview that the helper
process made.

Thread contract: everything here belongs to the window's thread but `picture_bytes` and `decoded`,
which may be called anywhere.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from desktop.assistant import looks
from desktop.window import addresses
from desktop.window.session import Opened, Session
from storage.errors import LibraryError
from storage.rows import Medium

PLAIN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
MAX_BYTES = 64 * 2**20
"""Of a picture that Qt decodes as it is."""
MAX_MEGABYTES = 256
"""Of a picture once decoded."""
PREFIX = f"image://{addresses.SCHEME}/"
_KEPT_STEPS = 32


class Steps:
    """The latest previews of renderings under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def put(self, address: str, png: bytes) -> None:
        """Keep a preview for as long as some others come."""
        with self._lock:
            self._kept[address] = png
            while len(self._kept) > _KEPT_STEPS:
                self._kept.popitem(last=False)

    def get(self, address: str) -> bytes | None:
        """A preview by its address."""
        with self._lock:
            return self._kept.get(address)


@dataclass(eq=False)
class Request:
    """A picture that somebody waits for."""

    address: str
    wanted: QSize
    """The picture comes at most so large; empty for its own size."""
    show: Callable[[QImage], None]
    """Called on the window's thread; with a null picture where there is none."""
    live: bool = True
    """Whether it is still waited for."""


class Pictures:
    """Fetches pictures by their addresses, the one that was asked for last first."""

    def __init__(self, session: Session, steps: Steps) -> None:
        self._session, self._steps = session, steps
        self._waiting: list[Request] = []

    def fetch(self, request: Request) -> None:
        """Have a picture decoded; steps of a rendering, which are small, at once."""
        if request.address.startswith(f"{PREFIX}{addresses.STEP}/"):
            request.show(decoded(self._steps.get(request.address) or b"", request.wanted))
            return
        self._waiting.append(request)
        now = self._session.now
        if now is not None:
            self._session.jobs.run("pictures", lambda: self._next(now), _show)

    def _next(self, now: Opened) -> tuple[Request, QImage] | None:
        """The newest that is waited for, decoded. In the lane for pictures."""
        while self._waiting:
            request = self._waiting.pop()
            if request.live:
                return request, self._image(now, request)
        return None

    def _image(self, now: Opened, request: Request) -> QImage:
        kind, _, name = request.address.removeprefix(PREFIX).partition("/")
        try:
            return decoded(picture_bytes(now, name, kind), request.wanted)
        except LibraryError:
            # A picture that is gone or damaged is shown as none; what it stood in says the rest.
            return QImage()


def _show(found: tuple[Request, QImage] | None) -> None:
    if found is not None and found[0].live:
        found[0].show(found[1])


def picture_bytes(now: Opened, sha256: str, kind: str) -> bytes:
    """The bytes of what is to be seen of a medium; empty where there is nothing.

    Raises:
        LibraryError: the medium is gone or damaged.
    """
    medium = now.library.media.get(sha256)
    plain = _is_plain(medium)
    if kind == addresses.THUMBNAIL:
        kept = looks.THUMBNAIL
        if plain and looks.THUMBNAIL not in medium.previews:
            return now.library.media.read(sha256)
    else:
        kept = looks.POSTER if medium.modality == "video" else looks.VIEW
        if plain and looks.VIEW not in medium.previews:
            return now.library.media.read(sha256)
    preview = now.previews.get(sha256, kept)
    return b"" if preview is None else preview.data


def decoded(data: bytes, wanted: QSize) -> QImage:
    """A picture, upright, scaled down to fit into `wanted` where that is given."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    whole = reader.size()
    if whole.isValid() and (wanted.width() > 0 or wanted.height() > 0):
        turned = bool(reader.transformation().value & 4)
        box = QSize(wanted.width() or 2**15, wanted.height() or 2**15)
        fit = whole.scaled(box.transposed() if turned else box, Qt.AspectRatioMode.KeepAspectRatio)
        if fit.width() < whole.width():
            reader.setScaledSize(fit)
    return reader.read()


def _is_plain(medium: Medium) -> bool:
    return medium.modality == "image" and medium.mime in PLAIN and medium.size <= MAX_BYTES
