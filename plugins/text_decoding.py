"""Detects whether bytes are text, and decodes them. Knows encodings, no formats and no files.

A byte order mark is believed, then UTF-8 is tried strictly, then UTF-16 without a mark, then the
legacy encodings of the East and the West (GBK, Big5, Shift JIS, Windows-1252...) are weighed by
`charset_normalizer`. Binary data is never called text.
"""

from __future__ import annotations

import codecs

SAMPLE_BYTES = 65_536
"""Bytes of a text that are used to detect its encoding."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1a\x1b")
_CONTROLS = bytes(b for b in (*range(32), 127) if b not in _TEXT_CONTROLS)
_FEW = 0.001
"""Share of control characters that a text may hold, as old printers and terminals leave them."""
_LEGACY = (
    "big5", "cp932", "euc_jp", "cp949", "cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254",
)  # fmt: skip
"""Encodings that are weighed; the rarer ones win too often by chance."""
_ROWS = (*range(0xA1, 0xA4), *range(0xB0, 0xD8))
_CELLS = range(0xA1, 0xFF)
_COMMON = {
    # The characters in daily use fill the first half of GB 2312; GB18030 holds all of it and more.
    "gb18030": frozenset(bytes(b for r in _ROWS for c in _CELLS for b in (r, c)).decode("gb18030")),
    "cp1252": frozenset(
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœ€£©®°·«»¿¡–—‘’“”„…•\xa0"
    ),
}
"""The characters by which two encodings are known without weighing."""
_NEARLY_ALL = 0.9
_LAST_HANGUL_ROW, _ENOUGH = 0xC8, 10
"""The last row of Hangul, and how many different characters say whether a text is Korean."""
_ACCENTS = 0.25
"""Share of characters beyond ASCII up to which a text may be in Windows-1252."""
_FEW_LATIN = 0.2
"""Share of Latin characters, blanks and digits among them, by which UTF-16 is recognised."""
_MANY_FOREIGN = 0.3
"""Share of unprintable or undefined characters from which decoded data is no text."""


def looks_binary(sample: bytes) -> bool:
    """True if the bytes contain what no 8-bit text does: a zero, or more than a few control
    characters."""
    if 0 in sample:
        return True
    return len(sample) - len(sample.translate(None, _CONTROLS)) > _FEW * len(sample)


def encoding_of(sample: bytes) -> str | None:
    """The encoding of a text whose first bytes are `sample` (they may end inside a character);
    None for what is no text."""
    sample = sample[:SAMPLE_BYTES]
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name if _readable(sample, name) else None
    if wide := _unmarked_utf16(sample):
        return wide
    if looks_binary(sample):
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        return _legacy(sample)


def decoded(data: bytes) -> str | None:
    """The text with `\\n` between lines and without a byte order mark; a broken character becomes
    U+FFFD. None when `data` is no text."""
    name = encoding_of(data)
    if name is None:
        return None
    text = data.decode(name, "replace").replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff").rstrip("\x1a")


def _readable(sample: bytes, name: str) -> bool:
    """True if most characters of the decoded sample are printable or white space."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    strange = sum(not (c.isprintable() or c.isspace()) or c == "\ufffd" for c in text)
    return strange <= _MANY_FOREIGN * len(text)


def _unmarked_utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark, recognised by the zeros of its blanks, digits and Latin letters."""
    pairs = len(sample) // 2
    for name, high, low in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        highs, lows = sample[high : 2 * pairs : 2], sample[low : 2 * pairs : 2]
        if lows.count(0) or highs.count(0) < _FEW_LATIN * pairs or pairs < 2:
            continue
        latin = bytes(low for low, high in zip(lows, highs, strict=True) if not high)
        if not looks_binary(latin) and _readable(sample[: 2 * pairs], name):
            return name
    return None


def _legacy(sample: bytes) -> str | None:
    """The likeliest 8-bit or double-byte encoding; None where no one gives a sensible text."""
    for name in _COMMON:
        if _mostly(sample, name):
            return name
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=list(_LEGACY), enable_fallback=False).best()
    if found is None or not _readable(sample, found.encoding):
        return None
    return found.encoding


def _mostly(sample: bytes, name: str) -> bool:
    """True if `sample` decodes without an error, nearly all beyond ASCII into common characters."""
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return False
    foreign = [c for c in text if c > "\x7f"]
    if name == "cp1252" and len(foreign) > _ACCENTS * len(text):
        return False
    if name == "gb18030" and _may_be_korean(foreign):
        return False
    return sum(c in _COMMON[name] for c in foreign) >= _NEARLY_ALL * len(foreign) > 0


def _may_be_korean(characters: list[str]) -> bool:
    """True if all characters are in the rows that Hangul has in EUC-KR; in Chinese a third is
    not."""
    rows = [c.encode("gb18030")[0] for c in set(characters) if c >= "一"]
    return len(rows) >= _ENOUGH and max(rows) <= _LAST_HANGUL_ROW
