"""Foreign pictures are decoded as what they are said to be or not at all, and looked at first."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from desktop.window.media import addresses
from desktop.window.media.picture_view import PictureView
from desktop.window.media.pictures import PLAIN, Picture, decoded, picture_of
from plugins.errors import KnownError
from storage.library import Library
from storage.records import Attachment, Text
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0>>endobj"
COLOUR = (30, 160, 90)


def encoded(format_: str, **options: object) -> bytes:
    """A picture of one colour in a file format."""
    file = io.BytesIO()
    Image.new("RGB", (48, 32), COLOUR).save(file, format_, **options)
    return file.getvalue()


def imported(
    folder: Path, library: Library, data: bytes, mime: str, modality: str = "image"
) -> tuple[int, str]:
    """A conversation with a medium under a mime type, exported and imported; its id, and the
    medium's name."""
    with TemporaryDirectory(dir=folder) as name, Library.open(Path(name) / "a.db") as other:
        sha = other.media.add_bytes(data, mime=mime, modality=modality, width=48, height=32).sha256
        conversation = other.conversations.new().id
        other.messages.add(conversation, [Text("look at this"), Attachment(sha, "a.png")])
        place = other.exchange.export(conversation, Path(name) / "a.zip")
        return library.exchange.import_conversation(place).id, sha


def shown(driver: Driver, conversation: int) -> tuple[int, int, int] | None:
    """Open a conversation; the colour in the middle of its picture, None without one."""
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.medley.transcript_model.conversation == conversation)
    driver.until(lambda: "image" in driver.kinds())
    view = driver.item("pictureCard").childItems()[1]
    assert isinstance(view, PictureView)
    driver.until(lambda: view.property("status") in ("ready", "failed"))
    driver.settle()
    if view.property("status") == "failed":
        return None
    colour = view.image.pixelColor(view.image.width() // 2, view.image.height() // 2)
    return colour.red(), colour.green(), colour.blue()


def test_a_tiff_that_an_import_calls_a_png_is_shown_and_ends_nothing(
    opened: Driver, tmp_path: Path
) -> None:
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "jpeg"):
        data = encoded("TIFF", compression=compression)
        conversation, sha = imported(tmp_path, opened.library, data, "image/png")

        colour = shown(opened, conversation)

        assert colour is not None
        assert all(abs(a - b) < 12 for a, b in zip(colour, COLOUR, strict=True))
        assert picture_of(opened.now, sha, addresses.SHOWN).mime in PLAIN
        assert opened.library.media.get(sha).previews == ("thumbnail", "view")


def test_a_picture_under_a_wrong_name_is_shown_as_what_the_helper_saw(
    opened: Driver, tmp_path: Path
) -> None:
    for format_ in ("JPEG", "WEBP", "GIF", "BMP"):
        for mime in ("image/png", "image/svg+xml", "application/pdf"):
            data = encoded(format_) + mime.encode()  # bytes that are there already say their own
            conversation, _ = imported(tmp_path, opened.library, data, mime)

            assert shown(opened, conversation) is not None


def test_what_is_no_picture_that_medley_reads_is_shown_as_none(
    opened: Driver, tmp_path: Path
) -> None:
    foreign = [encoded(format_) for format_ in ("ICNS", "ICO", "TGA", "PPM")]
    for number, data in enumerate((SVG, PDF, b"rubbish", b"\0", *foreign)):
        mime = ("image/png", "image/bmp", "image/svg+xml", "image/icns")[number % 4]
        conversation, _ = imported(tmp_path, opened.library, data, mime)

        assert shown(opened, conversation) is None


def test_a_sound_that_calls_itself_a_picture_is_neither(
    opened: Driver, tmp_path: Path, media: dict[str, Path]
) -> None:
    data = media["audio"].read_bytes()
    conversation, sha = imported(tmp_path, opened.library, data, "image/png")

    assert shown(opened, conversation) is None
    assert opened.library.media.get(sha).previews == ()


def test_an_imported_medium_is_looked_at_before_it_is_played(
    opened: Driver, tmp_path: Path, media: dict[str, Path]
) -> None:
    clip, rubbish = media["video"].read_bytes(), b"rubbish"
    _, good = imported(tmp_path, opened.library, clip, "video/mp4", "video")
    _, bad = imported(tmp_path, opened.library, rubbish, "video/mp4", "video")

    assert opened.now.previews.checked(good).previews == ("poster", "thumbnail")
    with pytest.raises(KnownError, match="found"):
        opened.now.previews.checked(bad)


def test_a_good_picture_that_was_imported_is_shown_from_its_own_bytes_and_looked_at_once(
    open_window: Open, tmp_path: Path
) -> None:
    driver = open_window()
    driver.medley.dismissFirstStart()
    data = encoded("PNG")
    conversation, sha = imported(tmp_path, driver.library, data, "image/png")
    assert shown(driver, conversation) == COLOUR
    assert picture_of(driver.now, sha, addresses.SHOWN) == Picture(data, "image/png")
    driver.window.close()

    again = open_window()

    assert shown(again, conversation) == COLOUR
    assert again.now.preview_probe.started == 0


@pytest.mark.parametrize("claimed", sorted(PLAIN))
@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "ICNS", "PPM"])
def test_bytes_are_decoded_as_what_they_are_said_to_be_or_not_at_all(
    claimed: str, format_: str
) -> None:
    image = decoded(Picture(encoded(format_), claimed), QSize())

    assert image.isNull() == (claimed != f"image/{format_.lower()}")


@pytest.mark.parametrize("data", [SVG, PDF, encoded("TIFF")])
@pytest.mark.parametrize("mime", ["image/svg+xml", "application/pdf", "image/tiff", ""])
def test_other_formats_are_never_decoded_here(data: bytes, mime: str) -> None:
    assert decoded(Picture(data, mime), QSize()).isNull()


def test_a_picture_is_decoded_upright_and_no_larger_than_wanted() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200), COLOUR).save(file, "JPEG", exif=exif)

    image: QImage = decoded(Picture(file.getvalue(), "image/jpeg"), QSize(50, 50))

    assert (image.width(), image.height()) == (25, 50)
