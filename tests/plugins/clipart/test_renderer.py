"""Clip art: what a caption gives, at any size, the same each time, and said when it cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from plugins.api import Condition, Decoder
from plugins.bus import Bus
from plugins.clipart import emoji_font
from plugins.clipart.emoji_font import EmojiFont
from plugins.clipart.renderer import ClipArtRenderer
from plugins.errors import KnownError
from plugins.manifest import discover, load
from plugins.media_files import read_recipe
from plugins.rerender import rerender
from plugins.stage import RenderStage
from tests.plugins.decoding import decode

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def font() -> EmojiFont:
    try:
        return emoji_font.find()
    except KnownError as missing:
        pytest.skip(str(missing))


def renderer(**settings: object) -> ClipArtRenderer:
    return ClipArtRenderer(Decoder(Path(), "starter", settings=settings))


def drawn(caption: str, folder: Path, seed: int = 1, **parameters: int | str) -> Pixels:
    made = renderer().render(Condition(caption=caption), parameters, RenderStage(seed))
    pixels = decode(made.data, made.extension, folder)
    return np.asarray(pixels, np.uint8)


def likeness(pixels: Pixels, glyph: Image.Image) -> float:
    """The best correlation of the glyph's own bitmap, at any place and size, with the picture: 1
    where it stands there as it is."""
    import cv2

    best = 0.0
    for share in np.geomspace(0.15, 0.7, 28):
        times = share * pixels.shape[0] / max(glyph.size)
        size = (max(8, round(glyph.width * times)), max(8, round(glyph.height * times)))
        small = glyph.resize(size, Image.Resampling.BILINEAR)
        mask = (np.asarray(small.getchannel("A")) > 250).astype(np.float32)
        colours = np.asarray(small.convert("RGB"))
        scores = cv2.matchTemplate(
            pixels, colours, cv2.TM_CCOEFF_NORMED, mask=np.repeat(mask[..., None], 3, axis=2)
        )
        best = max(best, float(np.where(np.isfinite(scores), scores, 0).max()))
    return best


def test_a_picture_holds_the_glyph_of_its_thing(font: EmojiFont, tmp_path: Path) -> None:
    pixels = drawn("a birthday cake", tmp_path, width=160, height=160)

    assert likeness(pixels, font.draw("🎂")) > 0.93
    assert likeness(pixels, font.draw("🚗")) < 0.7


@pytest.mark.parametrize(
    ("caption", "glyphs"),
    [
        ("a dog next to a tree", "🐕 🌳"),
        ("a frog on a log", "🐸 🪵"),
        ("the red car in front of a house", "🚗 🏠"),
        ("一只老虎和一只狮子", "🐅 🦁"),
    ],
)
def test_two_things_stand_in_one_picture(
    caption: str, glyphs: str, font: EmojiFont, tmp_path: Path
) -> None:
    pixels = drawn(caption, tmp_path, width=160, height=160)

    found = [likeness(pixels, font.draw(glyph)) for glyph in glyphs.split()]
    assert min(found) > 0.6, found


def test_a_hat_sits_on_the_head_and_overlaps_it(font: EmojiFont, tmp_path: Path) -> None:
    with_hat = drawn("a cat wearing a hat", tmp_path, width=160, height=160)

    assert likeness(with_hat, font.draw("🎩")) > 0.85
    assert likeness(with_hat, font.draw("🐱")) > 0.65


@pytest.mark.parametrize("caption", ["three apples", "三个苹果"])
def test_as_many_are_drawn_as_are_asked_for(caption: str, font: EmojiFont, tmp_path: Path) -> None:
    pixels = drawn(caption, tmp_path, width=300, height=300)

    hue = np.asarray(Image.fromarray(pixels).convert("HSV")).astype(int)
    leaves = (hue[..., 0] > 60) & (hue[..., 0] < 110) & (hue[..., 1] > 140)
    columns = np.flatnonzero(leaves.any(axis=0))
    assert 1 + int((np.diff(columns) > 8).sum()) == 3


@pytest.mark.parametrize(("width", "height"), [(64, 64), (512, 512), (1200, 300), (96, 640)])
def test_any_size_is_filled_within_its_edges(
    width: int, height: int, font: EmojiFont, tmp_path: Path
) -> None:
    pixels = drawn("a red car next to a tall tree", tmp_path, width=width, height=height)

    assert pixels.shape == (height, width, 3)
    ground = np.median(pixels.reshape(-1, 3), axis=0)
    apart = np.abs(pixels.astype(int) - ground).max(axis=2) > 90
    rows, columns = np.nonzero(apart)
    assert rows.min() > 0 and rows.max() < height - 1
    assert columns.min() > 0 and columns.max() < width - 1


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(font: EmojiFont) -> None:
    first, second, other = (
        renderer().render(Condition(caption="two cats on the grass"), {}, RenderStage(seed)).data
        for seed in (5, 5, 6)
    )

    assert first == second
    assert first != other


def test_a_colour_in_the_caption_is_the_colour_in_the_picture(
    font: EmojiFont, tmp_path: Path
) -> None:
    red, blue = (drawn(f"a {colour} car", tmp_path, width=128, height=128).astype(int)
                 for colour in ("red", "blue"))  # fmt: skip

    assert (red[..., 0] - red[..., 2] > 120).mean() > 0.12
    assert (blue[..., 2] - blue[..., 0] > 90).mean() > 0.12


@pytest.mark.parametrize(
    ("caption", "darker"), [("a house at night", "a house by day"), ("夜晚的房子", "白天的房子")]
)
def test_the_time_of_day_is_seen(
    caption: str, darker: str, font: EmojiFont, tmp_path: Path
) -> None:
    assert drawn(caption, tmp_path).mean() < 0.6 * drawn(darker, tmp_path).mean()


def test_the_file_carries_its_recipe_and_is_rendered_again_from_it(
    font: EmojiFont, tmp_path: Path
) -> None:
    made = renderer().render(Condition(caption="一只戴帽子的猫"), {"width": 320}, RenderStage(9))
    path = tmp_path / "cat.png"
    path.write_bytes(made.data)

    recipe = read_recipe(path)
    bus = Bus()
    bus.register(renderer())
    again = rerender(recipe, bus)
    bus.close()

    assert (recipe.renderer, recipe.parameters["style"]) == ("medley.clipart", "clip art")
    assert (made.width, made.height, made.mime) == (320, 512, "image/png")
    assert again.data == made.data


def test_what_a_caption_is_about_must_have_a_glyph(font: EmojiFont) -> None:
    made = renderer()

    assert made.unknown_words("a temple at sunrise") == ()
    assert made.unknown_words("my grandmother's kitchen") == ("kitchen",)
    assert made.unknown_words("a portrait of Einstein") == ("einstein",)
    assert made.unknown_words("埃菲尔铁塔") == ("埃菲尔铁塔",)
    assert made.unknown_words("") == ("nothing",)
    with pytest.raises(KnownError, match="expected things that have an emoji, found kitchen"):
        made.render(Condition(caption="my grandmother's kitchen"), {}, RenderStage(1))


def test_details_without_a_glyph_are_left_out_and_told(font: EmojiFont) -> None:
    made = renderer()

    assert made.unknown_words("a cat on a windowsill") == ()
    assert made.left_out("a cat on a windowsill") == ("windowsill",)
    assert made.left_out("a cat on a sofa") == ()


def test_an_embedding_is_refused_and_nothing_can_be_aligned_to_it(font: EmojiFont) -> None:
    embedding = Condition({"embeds": np.zeros((4, 4), np.float32)})

    with pytest.raises(KnownError, match="expected a caption, found an embedding"):
        renderer().render(embedding, {}, RenderStage(1))
    with pytest.raises(KnownError, match="clip art, which reads captions only"):
        renderer().condition_targets(["a cat"])


def test_without_the_font_the_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    made = renderer(font=str(tmp_path / "none.ttf"))

    with pytest.raises(KnownError, match="apt install fonts-noto-color-emoji"):
        made.render(Condition(caption="a cat"), {}, RenderStage(1))
    with pytest.raises(KnownError, match=r"colour emoji font at .*none\.ttf, found none"):
        made.unknown_words("a cat")


def test_the_bundle_s_settings_are_the_defaults(font: EmojiFont) -> None:
    made = renderer(width=256).render(Condition(caption="a cat"), {}, RenderStage(1))

    assert (made.width, made.height) == (256, 512)
    with pytest.raises(KnownError, match="width: expected int from 64 to 2048, found 1"):
        renderer(width=1)


def test_it_is_among_the_built_in_renderers() -> None:
    found = discover().renderer("medley.clipart")

    assert load(found) is ClipArtRenderer
    assert (found.modality, "lip art" in found.description) == ("image", True)
