"""Glyphs of the system's colour emoji font as pictures with transparency.

Finds the font by fontconfig and by where systems keep it; draws bitmaps (Noto, Apple) and layered
outlines (Segoe UI). Knows no words.

Legend: H, W pixels.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from plugins.errors import KnownError, phrase

VARIABLE = "MEDLEY_EMOJI_FONT"
"""Environment variable that names a font file to use instead of the system's."""
PLACES = (
    "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    "/usr/share/fonts/noto/NotoColorEmoji.ttf",
    "/usr/share/fonts/google-noto-emoji/NotoColorEmoji.ttf",
    "/usr/share/fonts/google-noto-color-emoji-fonts/NotoColorEmoji.ttf",
    "/usr/local/share/fonts/NotoColorEmoji.ttf",
    "~/.local/share/fonts/NotoColorEmoji.ttf",
    "~/.fonts/NotoColorEmoji.ttf",
    "/System/Library/Fonts/Apple Color Emoji.ttc",
    "C:/Windows/Fonts/seguiemj.ttf",
)
SIZES = (109, 160, 137, 136, 128, 96, 64)
"""Sizes to try, in pixels: a font of bitmaps has only some, Noto's 109 and Apple's 160 are largest
there."""
VARIATION = "\ufe0f"
JOINER = "\u200d"
_PROBE = "🐈"
_FONTCONFIG_S = 5.0


@dataclass(frozen=True)
class EmojiFont:
    """One colour font, ready to draw."""

    path: Path
    size: int

    @cached_property
    def _font(self) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.path, self.size)

    def has(self, glyph: str) -> bool:
        """True if the font draws `glyph` as one picture."""
        return _drawn(self, glyph) is not None

    def draw(self, glyph: str) -> Image.Image:
        """The glyph's picture [H, W] RGBA, cut to what is not transparent.

        Raises:
            KnownError: the font has no such glyph.
        """
        found = _drawn(self, glyph)
        if found is None:
            raise KnownError(
                "clip art: expected the font {path} to have {glyph}, found no such glyph; "
                "install a newer Noto Color Emoji.",
                path=self.path,
                glyph=glyph,
            )
        return found.copy()

    def advance(self, text: str) -> float:
        """Width of a text in pixels."""
        return float(self._font.getlength(text))

    def paint(self, text: str) -> Image.Image:
        """The text as the font has it, on a transparent ground.

        It is drawn on black and on white: what differs between the two is transparent. Drawn on
        transparency at once, edges would come out too dark.
        """
        left, top, right, bottom = self._font.getbbox(text)
        size = (max(1, round(right - left)), max(1, round(bottom - top)))
        on_black, on_white = (
            np.asarray(self._on(ground, text, (-left, -top), size), np.float32)
            for ground in ((0, 0, 0), (255, 255, 255))
        )
        alpha = np.clip(255.0 - (on_white - on_black).mean(axis=2, keepdims=True), 0.0, 255.0)
        colours = np.clip(on_black * 255.0 / np.maximum(alpha, 1.0), 0.0, 255.0)
        return Image.fromarray(np.round(np.dstack([colours, alpha])).astype(np.uint8))

    def _on(
        self,
        ground: tuple[int, int, int],
        text: str,
        at: tuple[float, float],
        size: tuple[int, int],
    ) -> Image.Image:
        canvas = Image.new("RGB", size, ground)
        ImageDraw.Draw(canvas).text(at, text, font=self._font, embedded_color=True)
        return canvas


def find(path: str = "") -> EmojiFont:
    """The font at `path`, or the one that the environment names, or the system's.

    Raises:
        KnownError: there is none, or it draws no colours.
    """
    named = path or os.environ.get(VARIABLE, "")
    candidates = [named] if named else [*_by_fontconfig(), *PLACES]
    for candidate in dict.fromkeys(candidates):
        font = _open(Path(candidate).expanduser())
        if font is not None:
            return font
    where = phrase("at {path}", path=named) if named else phrase("on this machine")
    raise KnownError(
        "clip art: expected a colour emoji font {where}, found none; install Noto Color "
        "Emoji (Debian and Ubuntu: sudo apt install fonts-noto-color-emoji).",
        where=where,
    )


@lru_cache(maxsize=8)
def _open(path: Path) -> EmojiFont | None:
    if not path.is_file():
        return None
    for size in SIZES:
        font = EmojiFont(path, size)
        try:
            picture = font.paint(_PROBE)
        except (OSError, ValueError):
            continue
        if _is_coloured(picture):
            return font
    return None


def _is_coloured(picture: Image.Image) -> bool:
    """True if more than shades of one colour were drawn."""
    colours = np.asarray(picture.convert("RGB").resize((16, 16)), np.int16)
    return bool((colours.max(axis=2) - colours.min(axis=2)).max() > 40)


def _by_fontconfig() -> Iterator[str]:
    program = shutil.which("fc-match")
    if program is None:
        return
    try:
        done = subprocess.run(
            [program, "-f", "%{file}", "emoji:color=true"],
            capture_output=True, text=True, timeout=_FONTCONFIG_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return
    if done.returncode == 0 and done.stdout:
        yield done.stdout


@lru_cache(maxsize=512)
def _drawn(font: EmojiFont, glyph: str) -> Image.Image | None:
    """The first spelling of the glyph that the font draws as one picture."""
    widest = font.advance(_PROBE) * 1.2
    for text in dict.fromkeys((glyph, glyph.replace(VARIATION, ""))):
        if JOINER not in text:
            text = text.replace(VARIATION, "")
        if not 0 < font.advance(text) <= widest:
            continue
        picture = font.paint(text)
        box = picture.getchannel("A").getbbox()
        if box and not _is_missing(font, picture):
            return picture.crop(box)
    return None


def _is_missing(font: EmojiFont, picture: Image.Image) -> bool:
    """True if this is the font's placeholder for characters that it lacks."""
    missing = font.paint("\U0010fffd")
    return missing.size == picture.size and missing.tobytes() == picture.tobytes()
