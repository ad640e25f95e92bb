"""Gives QML its pictures: out of the library, never from a file or the network.

`image://medley/thumbnail/SHA`, `image://medley/shown/SHA`, `image://medley/step/MESSAGE/ARTIFACT/N`.
Formats that Qt decodes by itself are read as they are; everything else is a preview that the helper
process made.

Thread contract: Qt asks on its own picture threads; `Steps` is filled on the window's thread.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtQml import QQmlImageProviderBase
from PySide6.QtQuick import QQuickImageProvider

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

    def get(self, name: str) -> bytes | None:
        """A preview by what follows the scheme in its address."""
        with self._lock:
            return self._kept.get(f"image://{addresses.SCHEME}/{name}")


class Pictures(QQuickImageProvider):
    """The provider behind `image://medley`."""

    def __init__(self, session: Session, steps: Steps) -> None:
        super().__init__(
            QQmlImageProviderBase.ImageType.Image,
            QQmlImageProviderBase.Flag.ForceAsynchronousImageLoading,
        )
        self._session, self._steps = session, steps

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: N802, N803
        """The picture, at most `requestedSize` large where that is given."""
        image = self._image(id, requestedSize)
        size.setWidth(image.width())
        size.setHeight(image.height())
        return image

    def _image(self, name: str, wanted: QSize) -> QImage:
        kind, _, rest = name.partition("/")
        if kind == addresses.STEP:
            return decoded(self._steps.get(name) or b"", wanted)
        now = self._session.now
        if now is None:
            return QImage()
        try:
            return decoded(picture_bytes(now, rest, kind), wanted)
        except LibraryError:
            # A picture that is gone or damaged is shown as none; what it stood in says the rest.
            return QImage()


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
