"""Contact sheets as PNG: entries under each other, judgements in green and red. Knows no models."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from training.evaluation.judging import Judgement
from training.evaluation.sheets.entries import STRIP, Entry

CELL, MARGIN, LINE = 144, 12, 17
WIDTH = MARGIN + (STRIP + 1) * (CELL + MARGIN)
LETTERS = 112
"""The most letters per line of text."""
PAPER, INK, QUIET = (250, 250, 248), (40, 40, 40), (120, 120, 120)
ASKED, RIGHT, WRONG = (20, 60, 140), (20, 120, 50), (190, 30, 30)
CHINESE_FONTS = (
    "NotoSansCJK-Regular.ttc", "NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf", "msyh.ttc", "PingFang.ttc",
)  # fmt: skip
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def drawn(entries: Sequence[Entry]) -> Image.Image:
    """All entries under each other."""
    heights = [_height(entry) for entry in entries]
    sheet = Image.new("RGB", (WIDTH, MARGIN + sum(heights)), PAPER)
    top = MARGIN
    for entry, height in zip(entries, heights, strict=True):
        _draw(sheet, entry, top)
        top += height
    return sheet


def _height(entry: Entry) -> int:
    cells = CELL + 6 if entry.given or entry.made else 0
    return LINE * len(_lines(entry)) + cells + MARGIN


Line = list[tuple[str, tuple[int, int, int]]]
"""Pieces of text with their colours."""


def _lines(entry: Entry) -> list[Line]:
    """Heading, request, answer and judgements."""
    lines: list[Line] = []
    if not entry.later and entry.heading:
        lines.append([(entry.heading, QUIET)])
    prefix = "then: " if entry.later else "> "
    lines.append([(prefix + _readable(entry.asked, entry), ASKED)])
    said = textwrap.wrap(_readable(entry.said, entry), LETTERS)[:2]
    lines += [[(text, INK)] for text in said]
    if entry.routed is not None:
        lines += _judgement_lines(entry)
    return lines


def _readable(text: str, entry: Entry) -> str:
    """The text, or what it is about when no font here has its letters."""
    if text.isascii() or font(text) is not None:
        return text
    about = (
        ", ".join(judgement.wanted for judgement in entry.judgements) or "the first of two messages"
    )
    return f"[in Chinese: {about}]"


def _judgement_lines(entry: Entry) -> list[Line]:
    """Every judgement, broken into lines; wrong media first."""
    pieces: Line = [] if entry.routed else [("other media than asked for", WRONG)]
    pieces += [
        (_describe(judgement), RIGHT if judgement.right else WRONG)
        for judgement in entry.judgements
    ]
    lines: list[Line] = [[]]
    for text, colour in pieces:
        if sum(len(t) + 3 for t, _ in lines[-1]) + len(text) > LETTERS:
            lines.append([])
        lines[-1].append((text, colour))
    return [line for line in lines if line]


def _describe(judgement: Judgement) -> str:
    if judgement.name == "words":
        return "the known words" if judgement.right else "other words"
    wrong = f" (is {judgement.found or 'missing'})"
    return f"{judgement.name} {judgement.wanted}{'' if judgement.right else wrong}"


def _draw(sheet: Image.Image, entry: Entry, top: int) -> None:
    pen = ImageDraw.Draw(sheet)
    for line in _lines(entry):
        left = float(MARGIN)
        for text, colour in line:
            letters = font(text) or ImageFont.load_default(12)
            pen.text((left, top), text, colour, letters)
            left += pen.textlength(text, letters) + 14
        top += LINE
    left_cell = MARGIN
    for medium, frame in [*((m, ASKED) for m in entry.given), *((m, PAPER) for m in entry.made)]:
        for picture in medium.pictures:
            cell = picture.resize((CELL, CELL), Image.Resampling.LANCZOS)
            sheet.paste(cell, (left_cell, top + 3))
            pen.rectangle(
                (left_cell - 2, top + 1, left_cell + CELL + 1, top + CELL + 4), None, frame, 2
            )
            left_cell += CELL + MARGIN


def font(text: str) -> Font | None:
    """A font with the letters of a text; None when this machine has none."""
    if text.isascii():
        return ImageFont.load_default(12)
    for name in CHINESE_FONTS:
        try:
            return ImageFont.truetype(name, 12)
        except OSError:
            continue
    return None
