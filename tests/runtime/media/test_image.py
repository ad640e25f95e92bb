"""Pictures come as plain RGB whatever they were, and hostile ones are one clear line."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from plugins.errors import KnownError
from plugins.picture_files import FORMATS
from runtime.media import detect_modality, read_image
from tests import heic_files
from tests.runtime.making_media import write_clip, write_picture, write_sound


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "webp", "bmp", "tiff", "avif"])
def test_the_usual_formats_are_read(tmp_path: Path, suffix: str) -> None:
    pixels = read_image(write_picture(tmp_path / f"a.{suffix}"))
    assert (pixels.shape, pixels.dtype) == ((30, 40, 3), np.uint8)
    assert pixels[15, 2].max() < 40
    assert pixels[15, -3].min() > 215


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png").rename(tmp_path / "a.wav")
    assert read_image(path).shape == (30, 40, 3)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_png_gives_the_same_ramp(tmp_path: Path, mode: str) -> None:
    ramp = np.linspace(0, 255, 40).astype(np.uint8)[None].repeat(30, axis=0)
    image = Image.fromarray(ramp)
    if mode == "I;16":
        image = Image.fromarray(ramp.astype(np.uint16) * 257)
    else:
        image = image.convert(mode)
    image.save(tmp_path / "a.png")
    pixels = read_image(tmp_path / "a.png")
    assert pixels.shape == (30, 40, 3)
    assert np.abs(pixels.mean(axis=(0, 2)) - ramp[0]).mean() < (60 if mode == "1" else 2)


def test_a_colour_png_of_16_bits_is_read(tmp_path: Path) -> None:
    row = b"\0" + struct.pack(">3H", 65535, 32896, 0) * 2
    (tmp_path / "a.png").write_bytes(png(2, 1, zlib.compress(row), depth=16))
    assert read_image(tmp_path / "a.png").tolist() == [[[255, 128, 0]] * 2]


def png(width: int, height: int, data: bytes, depth: int = 8) -> bytes:
    """A colour PNG from its compressed rows."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (read_image(tmp_path / "clear.png") == 255).all()
    Image.new("RGBA", (4, 4), (255, 0, 0, 255)).save(tmp_path / "solid.png")
    assert (read_image(tmp_path / "solid.png") == (255, 0, 0)).all()
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 9, 9, 9])
    palette.save(tmp_path / "palette.png", transparency=1)
    assert (read_image(tmp_path / "palette.png") == 255).all()


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_an_animation_gives_its_first_picture(tmp_path: Path, suffix: str) -> None:
    red, blue = (Image.new("RGB", (8, 8), colour) for colour in ("red", "blue"))
    red.save(tmp_path / f"a.{suffix}", save_all=True, append_images=[blue], duration=100)
    pixels = read_image(tmp_path / f"a.{suffix}")
    assert pixels[4, 4, 0] > 240
    assert pixels[4, 4, 2] < 15


@pytest.mark.parametrize("size", [(40, 30), (5000, 2500)])
def test_a_photo_is_turned_as_the_camera_was_held(tmp_path: Path, size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "black")
    image.paste("white", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.jpg", exif=exif)
    pixels = read_image(tmp_path / "a.jpg")
    assert pixels.shape[0] > pixels.shape[1]
    assert pixels[2].min() > 240
    assert pixels[-3].max() < 15


def test_broken_notes_about_the_camera_are_ignored(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6)).save(buffer, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    (tmp_path / "a.jpg").write_bytes(buffer.getvalue())
    assert read_image(tmp_path / "a.jpg").shape == (6, 8, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_pictures_of_one_pixel_are_read(tmp_path: Path, size: tuple[int, int]) -> None:
    assert read_image(write_picture(tmp_path / "a.png", size)).shape == (size[1], size[0], 3)


def test_a_picture_of_20000_pixels_is_read_when_its_area_is_small(tmp_path: Path) -> None:
    assert read_image(write_picture(tmp_path / "a.png", (20_000, 20))).shape == (20, 20_000, 3)


def test_a_large_baseline_photo_is_decoded_at_a_fraction(tmp_path: Path) -> None:
    Image.new("RGB", (12_000, 9_000), "green").save(tmp_path / "a.jpg")
    pixels = read_image(tmp_path / "a.jpg")
    assert 1024 <= min(pixels.shape[:2]) <= 2250


@pytest.mark.parametrize("size", [(20_000, 20_000), (20_000, 4_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_bomb_is_refused_before_decoding(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "bomb.png").write_bytes(png(*size, zlib.compress(bytes(1000))))
    with pytest.raises(KnownError, match="At most 64 million pixels are read"):
        read_image(tmp_path / "bomb.png")


def test_a_progressive_photo_has_the_limit_of_whole_decoding(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("L", (64, 64)).save(buffer, "JPEG", progressive=True)
    data = bytearray(buffer.getvalue())
    marker = data.index(b"\xff\xc2")
    data[marker + 5 : marker + 9] = struct.pack(">HH", 10_000, 10_000)
    (tmp_path / "a.jpg").write_bytes(bytes(data))
    with pytest.raises(KnownError, match=r"10000 x 10000 pixels\. At most 64 million"):
        read_image(tmp_path / "a.jpg")


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "webp", "bmp", "tiff", "avif"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_a_truncated_picture_is_one_clear_line(tmp_path: Path, suffix: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / f"a.{suffix}")
    data = (tmp_path / f"a.{suffix}").read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(data[: max(16, int(len(data) * share))])
    with pytest.raises(KnownError, match=r"picture .*cut\.\w+: expected a readable picture") as got:
        read_image(cut)
    assert "\n" not in str(got.value)


def test_a_sound_given_as_a_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"found a sound \(wav\)"):
        read_image(write_sound(tmp_path / "a.png", format="WAV"))


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "webp", "bmp", "tiff"])
def test_flipped_bytes_never_give_anything_but_pixels_or_a_clear_line(
    tmp_path: Path, suffix: str
) -> None:
    path = write_picture(tmp_path / f"a.{suffix}")
    data = path.read_bytes()
    random = np.random.default_rng(1)
    for _ in range(60):
        broken = bytearray(data)
        for place in random.integers(8, len(data), 4):
            broken[place] = random.integers(256)
        path.write_bytes(bytes(broken))
        try:
            assert read_image(path).shape[2] == 3
        except KnownError as error:
            assert "\n" not in str(error)


def test_a_photo_of_a_phone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "photo.heic"
    path.write_bytes(heic_files.PLAIN)
    pixels = read_image(path)
    assert detect_modality(path) == "image"
    assert pixels.shape == (48, 64, 3)
    corners = [pixels[5, 5], pixels[5, -5], pixels[-5, 5], pixels[-5, -5]]
    fields = [(250, 10, 10), (10, 250, 10), (10, 10, 250), (250, 250, 250)]
    assert np.abs(np.array(corners, int) - fields).max() < 8


def test_a_photo_of_a_phone_is_turned_and_its_transparency_is_white(tmp_path: Path) -> None:
    (tmp_path / "turned.jpg").write_bytes(heic_files.turned())
    pixels = read_image(tmp_path / "turned.jpg")
    assert pixels.shape == (64, 48, 3)
    assert pixels[5, 5, 1] > 240 > pixels[5, 5, 0]
    (tmp_path / "clear.heic").write_bytes(heic_files.CLEAR)
    assert (read_image(tmp_path / "clear.heic") == 255).all()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_photo_of_a_phone_that_is_cut_is_one_clear_line(tmp_path: Path, share: float) -> None:
    path = tmp_path / "cut.heic"
    path.write_bytes(heic_files.PLAIN[: int(len(heic_files.PLAIN) * share)])
    with pytest.raises(KnownError, match=r"picture .*cut\.heic: expected a readable picture"):
        read_image(path)


@pytest.mark.parametrize("brand", [b"mif1", b"miaf", b"MA1B", b"mif2", b"1pic", b"iso8"])
def test_avif_is_known_by_its_other_brands(tmp_path: Path, brand: bytes) -> None:
    data = write_picture(tmp_path / "a.avif").read_bytes()
    path = tmp_path / "b.avif"
    path.write_bytes(data[:8] + brand + data[12:])
    assert detect_modality(path) == "image"
    assert read_image(path).shape == (30, 40, 3)


@pytest.mark.parametrize("brand", [b"mif1", b"mif2", b"msf1", b"MiHE", b"heif", b"hevc"])
def test_a_photo_of_a_phone_is_known_by_its_other_brands(tmp_path: Path, brand: bytes) -> None:
    path = tmp_path / "photo.heic"
    path.write_bytes(heic_files.PLAIN[:8] + brand + heic_files.PLAIN[12:])
    assert detect_modality(path) == "image"
    assert read_image(path).shape == (48, 64, 3)


def test_a_clip_that_is_compatible_with_much_stays_a_clip(tmp_path: Path) -> None:
    data = write_clip(tmp_path / "a.mp4").read_bytes()
    path = tmp_path / "b.mp4"
    path.write_bytes(data.replace(b"iso2", b"hevc", 1))
    assert b"hevc" in path.read_bytes()[:64]
    assert detect_modality(path) == "video"


with Image.open(Path(__file__).parents[2] / "cases/icc_p3.png") as _picture:
    PROFILE: bytes = _picture.info["icc_profile"]
    """Display P3."""


def noise(mode: str) -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 4), dtype=np.uint8)
    if mode == "P":
        return Image.fromarray(pixels).convert("RGB").quantize(64)
    return Image.fromarray(pixels).convert(mode)


def in_srgb(image: Image.Image) -> np.ndarray:
    """The picture's colours by Pillow's own conversion, on white."""
    clear = image.convert("RGBA")
    profile = ImageCms.ImageCmsProfile(io.BytesIO(PROFILE))
    shown = ImageCms.profileToProfile(
        clear.convert("RGB"), profile, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    assert shown is not None
    shown.putalpha(clear.getchannel("A"))
    white = Image.new("RGBA", clear.size, "white")
    return np.asarray(Image.alpha_composite(white, shown).convert("RGB"), int)


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        ("RGB", "png"), ("RGBA", "png"), ("P", "png"), ("L", "png"), ("LA", "png"), ("RGB", "tiff"),
        ("RGB", "webp"), ("RGBA", "webp"), ("RGB", "jpg"), ("L", "jpg"), ("RGB", "avif"),
    ],
)  # fmt: skip
def test_a_picture_with_a_colour_profile_has_the_colours_of_a_screen(
    tmp_path: Path, mode: str, suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    noise(mode).save(path, icc_profile=PROFILE, **{"lossless": True} if suffix == "webp" else {})
    with Image.open(path) as written:
        plain = np.asarray(written.convert("RGB"), int)
        expected = in_srgb(written)
    assert np.abs(read_image(path) - expected).max() <= 2
    assert np.abs(plain - expected).max() > 5


@pytest.mark.parametrize("profile", [b"no profile", PROFILE[:200], PROFILE[:12] + bytes(500)])
def test_a_broken_colour_profile_is_ignored(tmp_path: Path, profile: bytes) -> None:
    noise("RGB").save(tmp_path / "a.png", icc_profile=profile)
    np.testing.assert_array_equal(read_image(tmp_path / "a.png"), np.asarray(noise("RGB")))


def test_a_turned_picture_with_a_profile_is_turned(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    noise("RGB").save(tmp_path / "a.png", icc_profile=PROFILE, exif=exif)
    pixels = read_image(tmp_path / "a.png")
    assert np.abs(pixels - np.rot90(in_srgb(noise("RGB")), -1)).max() <= 2


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "webp", "bmp", "tiff", "avif"])
def test_a_broken_picture_is_told_in_words_of_our_own(tmp_path: Path, suffix: str) -> None:
    path = write_picture(tmp_path / f"a.{suffix}", (400, 300))
    data = path.read_bytes()
    said = set()
    for cut in range(12, min(len(data), 400), 7):
        path.write_bytes(data[:cut])
        try:
            read_image(path)
        except KnownError as error:
            said.add(str(error).removeprefix(f"picture {path}: expected a readable picture, "))
    again = "Choose another file."
    assert said <= {
        f"found a file that cannot be decoded. {again}",
        f"found a file that cannot be decoded (its beginning is broken). {again}",
        "found a file that is cut short. Copy or download it again.",
        f"found a kind of file that is not known here. Medley reads {', '.join(FORMATS)}.",
    }
    assert said


@pytest.mark.parametrize("mode", ["I", "F"])
def test_deep_grey_is_stretched_from_its_least_to_its_greatest(tmp_path: Path, mode: str) -> None:
    values = np.linspace(-500, 1_500, 1_500 * 900).reshape(900, 1_500)
    Image.fromarray(values.astype(np.int32 if mode == "I" else np.float32)).save(
        tmp_path / "a.tiff"
    )
    pixels = read_image(tmp_path / "a.tiff")
    assert (pixels[0, 0, 0], pixels[-1, -1, 0]) == (0, 255)
    np.testing.assert_allclose(pixels[..., 0], (values + 500) / 2_000 * 255, atol=1.2)


def test_a_picture_of_one_row_is_bounded_in_area(tmp_path: Path) -> None:
    Image.new("L", (40_000_000, 1)).save(tmp_path / "a.tiff")
    pixels = read_image(tmp_path / "a.tiff")
    assert pixels.shape[0] == 1
    assert pixels.size <= 3 * 20_000_000


def test_grey_of_16_bits_is_reduced_like_any_other(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65_535, 2_400).astype(np.uint16)[None].repeat(2_200, axis=0)
    Image.fromarray(ramp).save(tmp_path / "x-ray.png")
    pixels = read_image(tmp_path / "x-ray.png")
    assert pixels.shape == (1_100, 1_200, 3)
    assert pixels[0, 0, 0] < 3
    assert pixels[0, -1, 0] > 252


def test_a_long_thin_picture_is_bounded_in_area(tmp_path: Path) -> None:
    Image.new("L", (60_000, 1_000)).save(tmp_path / "a.png")
    pixels = read_image(tmp_path / "a.png")
    assert pixels.size <= 3 * 16_000_000
