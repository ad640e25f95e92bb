"""Reads a Chinese caption as a scene of things that have glyphs.

Chinese writes no borders between words, so the longest known word at each place is taken. Words
become letters (N a thing, V a verb with an object, P a position such as 上, D 的...), and patterns
of letters are put together until none fits: VNDN is 戴帽子的猫, NPDN 树上的鸟, NANP 猫在树下.
Knows no pixels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from plugins.clipart import emoji_names
from plugins.clipart import words_zh as zh
from plugins.clipart.emoji_names import Thing
from plugins.clipart.relations import HOLDERS, attach, companions
from plugins.clipart.scene import MAX_COUNT, Item, Scene
from plugins.clipart.words import GROUPS

_PROPER = 3
"""The most unknown characters that count as the name of the thing behind them, as in 埃菲尔铁塔."""


@dataclass
class _Piece:
    """One word, or several put together."""

    letter: str
    words: str
    value: str = ""
    thing: Thing | None = None
    item: Item | None = None
    others: list[tuple[str, _Piece]] = field(default_factory=list)
    """Relations to other pieces, each with its piece."""


def read(caption: str) -> Scene:
    """The scene that `caption` describes."""
    scene = Scene()
    pieces = _unknown_parted(_nouns(_grounds(_pieces(caption), scene), scene), scene)
    for piece in _reduced(pieces, scene):
        if piece.letter == "N":
            _flatten(piece, "beside", scene)
    scene.subject_unknown |= bool(scene.unknown) and not scene.items
    return scene


def _flatten(piece: _Piece, relation: str, scene: Scene) -> None:
    assert piece.item is not None
    more = companions(piece.item, zh.GROUPS.get(piece.words, ""))
    attach(scene, relation, piece.item, *more)
    worn_first = sorted(piece.others, key=lambda other: other[0] not in ("wear", "hold"))
    for how, other in worn_first:
        _flatten(other, how, scene)


def _pieces(caption: str) -> list[_Piece]:
    text, at, found = re.sub(r"\s+", "", caption.lower()), 0, list[_Piece]()
    longest = max(emoji_names.longest_chinese(), *(len(word) for word in _known()))
    while at < len(text):
        for length in range(min(longest, len(text) - at), 0, -1):
            piece = _piece(text[at : at + length], found)
            if piece:
                break
        else:
            length, piece = 1, _Piece("U", text[at])
        if piece.letter == "U" and found and found[-1].letter == "U":
            found[-1].words += piece.words
        elif piece.letter != " ":
            found.append(piece)
        elif found and found[-1].letter == "U":
            found.append(piece)  # what is left out still ends an unknown word
        at += length
    return [piece for piece in found if piece.letter != " "]


def _piece(word: str, before: list[_Piece]) -> _Piece | None:
    if word in zh.MEASURES and before and before[-1].letter == "#":
        return _Piece(" ", word)
    if word in zh.GROUPS:
        first = GROUPS[zh.GROUPS[word]][0]
        return _Piece("N", word, thing=emoji_names.english(first))
    thing, known = emoji_names.chinese(word), _known().get(word)
    if word in zh.COLOURS and (thing is None or len(word) == 1):
        return _Piece("K", word, zh.COLOURS[word])
    ground = known is not None and known[0] in "GTW"
    if thing and not ground and (len(word) > 1 or not known):
        return _Piece("N", word, thing=thing)
    return _Piece(known[0], word, known[1]) if known else None


@cache
def _known() -> dict[str, tuple[str, str]]:
    """Letter and value by word, of everything but things."""
    found: dict[str, tuple[str, str]] = dict.fromkeys(zh.FILLERS, (" ", ""))
    found |= {word: ("C", "") for word in zh.JOINS}
    found |= {word: ("#", str(count)) for word, count in zh.NUMBERS.items()}
    found |= {word: ("S", str(scale)) for word, scale in zh.SCALES.items()}
    found |= {word: ("P", relation) for word, relation in zh.POSITIONS.items()}
    found |= {word: ("V" if relation else "I", relation) for word, relation in zh.VERBS.items()}
    for letter, table in (("G", zh.PLACES), ("T", zh.TIMES), ("W", zh.WEATHERS)):
        found |= {word: (letter, value) for word, value in table.items()}
    found |= {word: ("K", colour) for word, colour in zh.COLOURS.items()}
    return found | {"的": ("D", ""), "之": ("D", ""), "在": ("A", ""), "于": ("A", ""),
                    "从": ("A", ""), "有": ("H", ""), "背景": ("B", "")}  # fmt: skip


def _grounds(pieces: list[_Piece], scene: Scene) -> list[_Piece]:
    """Places, times and weathers go into the scene, with 在 before and 里的 after them."""
    found: list[_Piece] = []
    for index, piece in enumerate(pieces):
        previous = pieces[index - 1].letter if index else ""
        if piece.letter in "GTW":
            name = {"G": "place", "T": "time", "W": "weather"}[piece.letter]
            if not getattr(scene, name):
                setattr(scene, name, piece.value)
            if found and found[-1].letter == "A":
                found.pop()
            found.append(piece)
        elif piece.letter in "PDH" and found and found[-1].letter in "GTW" and (
            previous in "GTWPD"
        ):  # fmt: skip
            continue
        else:
            found.append(piece)
    return [piece for piece in found if piece.letter not in "GTW"]


def _nouns(pieces: list[_Piece], scene: Scene) -> list[_Piece]:
    """Numbers, colours and sizes go into the thing that they belong to."""
    found: list[_Piece] = []
    count, colour, scale = 0, "", 1.0
    for index, piece in enumerate(pieces):
        previous = pieces[index - 1].letter if index else ""
        if piece.letter == "#":
            count = int(piece.value)
            if previous == "N":  # 一只狗一只猫: not one word
                found.append(_Piece("C", ""))
        elif piece.letter == "K":
            colour = piece.value
        elif piece.letter == "S":
            scale *= float(piece.value)
        elif piece.letter == "B":
            scene.ground_colour, colour = colour, ""
        elif piece.letter == "D" and previous and previous in "#KSB":
            continue
        elif piece.letter == "N" and piece.thing:
            number = min(count or 1, MAX_COUNT)
            piece.item = Item(piece.thing, piece.words, number, colour, scale)
            count, colour, scale = 0, "", 1.0
            found.append(piece)
        else:
            found.append(piece)
    return found


def _unknown_parted(pieces: list[_Piece], scene: Scene) -> list[_Piece]:
    """Unknown characters become unknown things or are left out."""
    found: list[_Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece.letter != "U":
            found.append(piece)
            index += 1
            continue
        before = found[-1].letter if found else ""
        after = pieces[index + 1].letter if index + 1 < len(pieces) else ""
        if before == "N" and after in ("", "C", "D", "P"):  # a compound: 苹果园, 窗台上
            scene.unknown.append(found.pop().words + piece.words)
            scene.subject_unknown |= after not in ("D", "P")
            index += after == "P"
        elif after == "N" and len(piece.words) >= _PROPER:
            scene.unknown.append(piece.words + pieces[index + 1].words)
            scene.subject_unknown = True
            index += 1
        elif after in ("N", "D") or (before == "A" and after != "P"):
            scene.left_out.append(piece.words)
            if after == "D":
                index += 1
        else:
            scene.unknown.append(piece.words)
            scene.subject_unknown |= before in ("D", "", "C")
            if after == "P":
                index += 1
        index += 1
    return found


def _reduced(pieces: list[_Piece], scene: Scene) -> list[_Piece]:
    """Nouns with what they stand to, put together by the first pattern that fits."""
    while True:
        letters = "".join(piece.letter for piece in pieces)
        for pattern, rule in _RULES:
            match = re.search(pattern, letters)
            if match:
                start, end = match.span()
                pieces = [*pieces[:start], rule(pieces[start:end], scene), *pieces[end:]]
                break
        else:
            return pieces


def _last_of(pieces: list[_Piece], letter: str) -> _Piece:
    return next(piece for piece in reversed(pieces) if piece.letter == letter)


def _first_of(pieces: list[_Piece], letter: str) -> _Piece:
    return next(piece for piece in pieces if piece.letter == letter)


def _head_last(pieces: list[_Piece], scene: Scene) -> _Piece:
    """树上的鸟, 桌子上有苹果: the last noun stands so to the first."""
    head, other = _last_of(pieces, "N"), _first_of(pieces, "N")
    head.others.append((_first_of(pieces, "P").value, other))
    return head


def _object_first(pieces: list[_Piece], scene: Scene) -> _Piece:
    """戴帽子的猫: the last noun does it to the first."""
    head, other = _last_of(pieces, "N"), _first_of(pieces, "N")
    head.others.append((_first_of(pieces, "V").value, other))
    return head


def _subject_first(pieces: list[_Piece], scene: Scene) -> _Piece:
    """猫戴帽子, 猫在树下: the first noun does it to the second, or stands so to it."""
    head, other = _first_of(pieces, "N"), _last_of(pieces, "N")
    how = [piece.value for piece in pieces if piece.letter in "PV"]
    alone = "beside" if other.words in zh.GROUPS else "on"
    head.others.append((how[-1] if how else alone, other))
    return head


def _owner_first(pieces: list[_Piece], scene: Scene) -> _Piece:
    """孩子的书, 苹果蛋糕: the last noun is meant."""
    owner, head = pieces[0], pieces[-1]
    if owner.item and owner.item.thing.glyph in HOLDERS:  # 一篮子苹果
        head.others.append(("in", owner))
    else:
        scene.left_out.append(owner.words)
    return head


_RULES = (
    (r"NN", _owner_first),
    (r"A?NP[IV]?HN", _head_last),
    (r"A?NPI*DN", _head_last),
    (r"VN[AI]*DN", _object_first),
    (r"N[IA]*VN", _subject_first),
    (r"NI*AI*NP", _subject_first),
    (r"NPN", _head_last),
    (r"NI*AN", _subject_first),
    (r"NDN", _owner_first),
)
"""Patterns of letters, the first that fits first, and what they come to."""
