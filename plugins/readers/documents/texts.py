"""Paragraphs of plain text and Markdown, rows of CSV. Knows decoded text only."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from plugins.readers.documents.passages import LONG, Paragraph, Passage, cut

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_UNDERLINE = re.compile(r"(=+|-+)\s*$")
_FENCE = re.compile(r"(```|~~~)")
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 20
_NUMBER = re.compile(r"[-+]?[\d.,\s%€$£¥]+$")
_MOST_CELL = 2_000_000
"""Characters of one cell."""


def plain(text: str) -> Iterator[Paragraph]:
    """Blocks between blank lines; their place is the line on which they begin."""
    for number, block in _blocks(text):
        yield Paragraph(block, place=f"line {number}")


def markdown(text: str) -> Iterator[Paragraph]:
    """Blocks between blank lines; their place is the heading above them."""
    place = ""
    for _, block in _blocks(_with_headings_apart(text)):
        if match := _HEADING.match(block):
            place = f"heading: {match[1]}"
            block = match[1]
        yield Paragraph(block, section=place, place=place)


def table(text: str) -> Iterator[Passage]:
    """Rows with their cells between bars, the row of titles above each passage."""
    csv.field_size_limit(_MOST_CELL)
    rows = (row for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    numbered = ((number, _line(row)) for number, row in enumerate(rows, 1) if any(row))
    first = next(numbered, None)
    if first is None:
        return
    titles = first[1] if _is_title(first[1]) else ""
    if not titles:
        yield from _rows(iter([first, *numbered]), "")
        return
    any_row = False
    for passage in _rows(numbered, titles):
        any_row = True
        yield passage
    if not any_row:
        yield Passage(titles, f"row {first[0]}")


def _rows(numbered: Iterator[tuple[int, str]], titles: str) -> Iterator[Passage]:
    held: list[str] = []
    first = last = 0
    room = LONG - len(titles) - 1 if len(titles) < LONG // 2 else LONG
    for number, line in numbered:
        if held and sum(map(len, held)) + len(held) + len(line) > room:
            yield _passage(titles, held, first, last)
            held = []
        if len(line) > room:
            for piece in cut(line):
                yield _passage(titles, [piece], number, number)
            continue
        first = first if held else number
        last = number
        held.append(line)
    if held:
        yield _passage(titles, held, first, last)


def _passage(titles: str, lines: list[str], first: int, last: int) -> Passage:
    above = [titles] if titles and len(titles) < LONG // 2 else []
    place = f"row {first}" if first == last else f"rows {first} to {last}"
    return Passage("\n".join([*above, *lines]), place)


def _line(row: list[str]) -> str:
    return " | ".join(" ".join(cell.split()) for cell in row)


def _is_title(line: str) -> bool:
    """True if a first row names its columns: every cell has text, and no cell is a number."""
    cells = line.split(" | ")
    return all(cell and not _NUMBER.match(cell) for cell in cells)


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into most cells, the same number in each."""
    lines = [line for line in islice(io.StringIO(text), _SAMPLE_LINES) if line.strip()]

    def score(mark: str) -> tuple[bool, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark)] or [0]
        return min(counts) > 1, counts.count(max(counts)) * (max(counts) - 1)

    try:
        return max(_DELIMITERS, key=score)
    except csv.Error:
        return ","


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """The line on which it begins, and each block between blank lines."""
    held: list[str] = []
    start = 1
    for number, line in enumerate(io.StringIO(text), 1):
        if line.strip():
            if not held:
                start = number
            held.append(line.rstrip())
        elif held:
            yield start, "\n".join(held)
            held = []
    if held:
        yield start, "\n".join(held)


def _with_headings_apart(text: str) -> str:
    """Every heading as `# heading` in a block of its own, underlined ones too, outside of code."""
    lines: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line.lstrip()):
            fenced = not fenced
        elif not fenced and _HEADING.match(line):
            line = f"\n{line}\n"
        elif not fenced and _UNDERLINE.match(line) and _may_be_heading(lines):
            lines[-1] = f"\n# {lines[-1].strip()}\n"
            continue
        lines.append(line)
    return "\n".join(lines)


def _may_be_heading(lines: list[str]) -> bool:
    """True if the last line is alone above an underline."""
    if not lines or not lines[-1].strip() or lines[-1].startswith(("\n", "-", "*", ">", "|")):
        return False
    return len(lines) < 2 or not lines[-2].strip()
