"""Pictures from open files: formats, sizes, and broken ones."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from plugins.picture_files import PictureError, decode, has_own_colours, still_format, upright_size


def saved(picture: Image.Image, kind: str, **more: object) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    file.seek(0)
    return file


def test_transparency_lies_on_white() -> None:
    found = decode(saved(Image.new("RGBA", (4, 4), (255, 0, 0, 0)), "PNG"))

    assert found.mode == "RGB"
    assert found.getpixel((0, 0)) == (255, 255, 255)


def test_a_turned_photo_has_the_size_that_a_viewer_shows() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    file = saved(Image.new("RGB", (30, 20)), "JPEG", exif=turned)

    assert upright_size(file) == (20, 30)
    assert decode(file).size == (20, 30)


def test_a_large_picture_is_reduced_by_a_whole_factor() -> None:
    assert decode(saved(Image.new("L", (400, 200)), "PNG"), enough=50).size == (100, 50)


@pytest.mark.parametrize(
    ("brand", "kind"), [(b"avif", "AVIF"), (b"heic", "HEIC"), (b"isom", None), (b"mif1", "HEIC")]
)
def test_pictures_of_the_mp4_family_are_told_by_their_brand(brand: bytes, kind: str | None) -> None:
    assert still_format(b"\0\0\0\x10ftyp" + brand + b"\0\0\0\0") == kind


def test_plain_pictures_have_no_colours_of_their_own() -> None:
    assert not has_own_colours(saved(Image.new("RGB", (2, 2)), "PNG"))


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_broken_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureError):
        decode(io.BytesIO(data))
