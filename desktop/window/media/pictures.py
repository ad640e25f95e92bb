"""Has the pictures that the window shows: out of the library, never from a file or the network.

`image://medley/thumbnail/SHA`, `image://medley/shown/SHA`, `image://medley/step/MESSAGE/ARTIFACT/N`.
Five formats are decoded here, each by the decoder of its name, once the helper process has looked
at the medium; everything else is a preview that the helper made. Nothing is decoded as what its
bytes look like: of the formats that Qt would find in them most are not meant for foreign files.

Thread contract: everything here belongs to the window's thread but `picture_of` and `decoded`,
which may be called anywhere.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from desktop.assistant.media_probe import protocol
from desktop.window.media import addresses
from desktop.window.queues import Queue
from desktop.window.session import OpenLibrary, Session
from plugins.errors import KnownError
from storage.errors import LibraryError
from storage.records import Medium

PLAIN = {
    "image/png": b"png", "image/jpeg": b"jpeg", "image/gif": b"gif", "image/webp": b"webp",
    "image/bmp": b"bmp",
}  # fmt: skip
"""What may be decoded here, and Qt's names of the decoders."""
MAX_BYTES = 64 * 2**20
"""Of a picture that Qt decodes as it is."""
MAX_MEGABYTES = 256
"""Of a picture once decoded."""
PREFIX = f"image://{addresses.SCHEME}/"
_KEPT_STEPS = 32


class Picture(NamedTuple):
    """Bytes of a picture and what they are said to be."""

    data: bytes = b""
    mime: str = ""


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
        self._unseen: list[Request] = []
        """Those that wait for a look at their medium."""

    def fetch(self, request: Request) -> None:
        """Have a picture decoded; steps of a rendering, which are small, at once."""
        if request.address.startswith(f"{PREFIX}{addresses.STEP}/"):
            step = Picture(self._steps.get(request.address) or b"", "image/png")
            request.show(decoded(step, request.wanted))
            return
        self._waiting.append(request)
        self._run("pictures", self._waiting)

    def _run(self, queue: Queue, waiting: list[Request]) -> None:
        now = self._session.now
        if now is not None:
            patient = queue == "looks"
            self._session.jobs.run(queue, lambda: _next(now, waiting, patient), self._show)

    def _show(self, found: tuple[Request, QImage | None] | None) -> None:
        if found is None or not found[0].live:
            return
        request, image = found
        if image is None:
            self._unseen.append(request)
            self._run("looks", self._unseen)
        else:
            request.show(image)


def _next(
    now: OpenLibrary, waiting: list[Request], patient: bool
) -> tuple[Request, QImage | None] | None:
    """The newest that is waited for, decoded; None in place of the picture where somebody has to
    look at it first and this queue has no patience for that."""
    while waiting:
        request = waiting.pop()
        if request.live:
            return request, _image(now, request, patient)
    return None


def _image(now: OpenLibrary, request: Request, patient: bool) -> QImage | None:
    kind, _, name = request.address.removeprefix(PREFIX).partition("/")
    try:
        if not patient and not now.previews.known(now.library.media.get(name)):
            return None
        return decoded(picture_of(now, name, kind), request.wanted)
    except LibraryError:
        # A picture that is gone or damaged is shown as none; what it stood in says the rest.
        return QImage()


def picture_of(now: OpenLibrary, sha256: str, kind: str) -> Picture:
    """What is to be seen of a medium, which is looked at first where nobody did; empty where there
    is nothing.

    Raises:
        LibraryError: the medium is gone or damaged.
    """
    try:
        medium = now.previews.checked(sha256)
    except KnownError:
        return Picture()
    if kind == addresses.THUMBNAIL:
        kept = protocol.THUMBNAIL
    elif medium.modality == "video":
        kept = protocol.POSTER
    elif _is_plain(medium) and protocol.VIEW not in medium.previews:
        return Picture(now.library.media.read(sha256), medium.mime)
    else:
        kept = protocol.VIEW
    preview = now.previews.get(sha256, kept)
    return Picture() if preview is None else Picture(preview.data, preview.mime)


def decoded(picture: Picture, wanted: QSize) -> QImage:
    """A picture, upright, scaled down to fit into `wanted` where that is given; a null one where it
    is not what its mime type says."""
    if picture.mime not in PLAIN:
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(picture.data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # What reads is a local of another function, so that it is gone before what it reads from.
    return _read(buffer, PLAIN[picture.mime], wanted)


def _read(buffer: QBuffer, format_: bytes, wanted: QSize) -> QImage:
    reader = QImageReader(buffer, QByteArray(format_))
    reader.setAutoDetectImageFormat(False)
    reader.setDecideFormatFromContent(False)
    if not reader.canRead():
        return QImage()  # The decoder of JPEG would make a picture of anything.
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
