"""Reads an English caption as a scene of things that have glyphs.

No grammar: the longest known phrase at each place, and noun phrases that end where a preposition,
a verb, a comma or a place begins. The last word of a noun phrase is its head: a head without a
glyph is an unknown thing, other words without one are only left out. Knows no pixels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from plugins.clipart import emoji_names
from plugins.clipart.emoji_names import Thing
from plugins.clipart.relations import attach, companions
from plugins.clipart.scene import MAX_COUNT, Item, Scene
from plugins.clipart.words import (
    BACKDROPS,
    COLOURS,
    COMPOUNDS,
    FILLERS,
    GROUPS,
    NUMBERS,
    PLACES,
    PLURAL_COUNT,
    RELATIONS,
    SCALES,
    STYLES,
    TIMES,
    VERBS,
    WEATHERS,
)

_WORDS = re.compile(r"[a-z0-9]+(?:['’/-][a-z0-9]+)*['’]?|[,;]")
_LONGEST = 5
"""Words of the longest phrase."""
_COPULAS = frozenset({"is", "are", "looks", "look", "looking", "very", "was", "were", "feels"})


@dataclass(frozen=True)
class _Unit:
    """One phrase of the caption and what it is."""

    what: str
    """thing, colour, number, scale, place, time, weather, relation, filler, verb or word."""
    words: str
    value: str = ""
    thing: Thing | None = None
    plural: bool = False


@dataclass
class _Phrase:
    """A noun phrase that is being read."""

    count: int = 0
    colour: str = ""
    scale: float = 1.0
    unit: _Unit | None = None
    before: list[str] = field(default_factory=list)
    """Words without a glyph before the thing."""
    after: list[str] = field(default_factory=list)
    """Words without a glyph where the head is expected."""
    article: bool = False


def read(caption: str) -> Scene:
    """The scene that `caption` describes."""
    return _Reader().read(_units(caption))


class _Reader:
    """Goes through the phrases once and fills a scene."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.phrase = _Phrase()
        self.relation = "beside"
        self.predicate = False
        """True if a copula was just read, so that adjectives follow."""
        self.nouns = 0
        """Noun phrases that were closed."""

    def read(self, units: list[_Unit]) -> Scene:
        for index, unit in enumerate(units):
            following = units[index + 1] if index + 1 < len(units) else None
            self._take(unit, following)
        self._close()
        return self.scene

    def _take(self, unit: _Unit, following: _Unit | None) -> None:
        phrase = self.phrase
        if unit.what == "number":
            if phrase.unit:
                self._close()
                phrase = self.phrase
            phrase.count, phrase.article = int(unit.value), True
            self.predicate = False
        elif unit.what == "colour":
            phrase.colour = unit.value
        elif unit.what == "scale":
            phrase.scale *= float(unit.value)
        elif unit.what == "thing":
            self._take_thing(unit)
        elif unit.what == "word":
            self._take_word(unit)
        elif unit.what == "relation":
            self._take_relation(unit)
        elif unit.what in ("place", "time", "weather"):
            self._take_ground(unit, following)
        elif unit.what == "backdrop":
            self.scene.ground_colour = phrase.colour
            self.phrase = _Phrase()
        elif unit.what == "verb":
            self._close()
            self.relation = "beside"
        elif unit.words in _COPULAS:
            self._close()
            self.predicate = True

    def _take_thing(self, unit: _Unit) -> None:
        phrase = self.phrase
        if phrase.unit:  # two nouns together: the last one is meant
            phrase.before.append(phrase.unit.words)
        phrase.before += phrase.after
        phrase.unit, phrase.after = unit, []
        self.predicate = False

    def _take_word(self, unit: _Unit) -> None:
        if self.predicate or unit.words.endswith(("ly", "ed")):
            self.scene.left_out.append(unit.words)
        elif unit.words.endswith("ing"):
            self._close()
        else:
            self.phrase.after.append(unit.words)

    def _take_relation(self, unit: _Unit) -> None:
        phrase = self.phrase
        if unit.value == "of" and not phrase.unit and not phrase.after:
            return  # `a group of`, `a picture of`: the noun phrase goes on
        self._close()
        self.relation = "beside" if unit.value == "then" else unit.value

    def _take_ground(self, unit: _Unit, following: _Unit | None) -> None:
        if not self.phrase.unit:
            self.scene.left_out += self.phrase.before + self.phrase.after
            if self.phrase.colour and unit.what == "place" and not following:
                self.scene.ground_colour = self.phrase.colour
            if not following or following.what not in ("thing", "colour", "scale"):
                self.phrase = _Phrase()
        else:
            self._close()
        if not getattr(self.scene, unit.what):
            setattr(self.scene, unit.what, unit.value)
        self.nouns += 1
        self.relation = "beside"

    def _close(self) -> None:
        """The noun phrase ends here."""
        phrase, self.phrase = self.phrase, _Phrase()
        self.predicate = False
        if phrase.after:
            self.scene.unknown.append(phrase.after[-1])
            self.scene.left_out += phrase.before + phrase.after[:-1]
            self.scene.left_out += [phrase.unit.words] if phrase.unit else []
            self.scene.subject_unknown |= self.nouns == 0
            self.nouns += 1
            self.relation = "beside"
            return
        if phrase.unit is None:
            return
        self.nouns += 1
        self.scene.left_out += phrase.before
        self._add(_item(phrase, phrase.unit))

    def _add(self, item: Item) -> None:
        relation, self.relation = self.relation, "beside"
        attach(self.scene, relation, item, *companions(item, item.words))


def _item(phrase: _Phrase, unit: _Unit) -> Item:
    assert unit.thing is not None
    count = phrase.count or (PLURAL_COUNT if unit.plural else 1)
    return Item(unit.thing, unit.words, min(count, MAX_COUNT), phrase.colour, phrase.scale)


def _units(caption: str) -> list[_Unit]:
    words = [word.rstrip("'’") for word in _WORDS.findall(caption.lower().replace("’", "'"))]
    units: list[_Unit] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            found = _unit(words[at : at + length], units, words[at + length :])
            if found:
                break
        else:
            length, found = 1, _Unit("word", words[at])
        units.append(found)
        at += length
    return units


def _unit(words: list[str], before: list[_Unit], after: list[str]) -> _Unit | None:
    """The unit that these words form together, or None."""
    phrase = " ".join(words)
    if phrase in COMPOUNDS:
        return _Unit("word", phrase)
    if phrase in GROUPS:
        return _Unit("thing", phrase, thing=emoji_names.english(GROUPS[phrase][0]))
    if len(words) == 1:
        if phrase.endswith("'s"):
            return _Unit("filler", phrase)
        if phrase in _COPULAS:
            return _Unit("filler", phrase)
        if phrase in BACKDROPS:
            return _Unit("backdrop", phrase)
        if phrase in STYLES and "of" in after[:2]:
            return _Unit("filler", phrase)
        single = _single(phrase, before, after)
        if single:
            return single
    for what, table in (("place", PLACES), ("time", TIMES), ("weather", WEATHERS)):
        if phrase in table:
            return _Unit(what, phrase, table[phrase])
    if phrase in RELATIONS:
        return _Unit("relation", phrase, str(RELATIONS[phrase]))
    thing, plural = _thing(words)
    if thing and not (len(words) == 1 and _is_verb(phrase) and _after_noun(before)):
        return _Unit("thing", phrase, thing=thing, plural=plural)
    if len(words) == 1 and _is_verb(phrase):
        return _Unit("verb", phrase)
    return _Unit("filler", phrase) if len(words) == 1 and phrase in FILLERS else None


def _single(word: str, before: list[_Unit], after: list[str]) -> _Unit | None:
    """A colour, number or size, where another reading of the word is less likely."""
    if word in COLOURS:
        alone = emoji_names.english(word) is None
        joined = after[:1] == ["and"] and bool(set(after[1:2]) & COLOURS.keys())
        if alone or joined or (after and _nominal(after[0])):
            return _Unit("colour", word, COLOURS[word])
    if word in NUMBERS and (word not in PLACES or after[:1] == ["of"]):
        return _Unit("number", word, str(NUMBERS[word]))
    if word in SCALES and (word != "baby" or (after and _nominal(after[0]))):
        return _Unit("scale", word, str(SCALES[word]))
    return None


def _nominal(word: str) -> bool:
    """True if a word can continue a noun phrase that a colour or size has begun."""
    return word not in RELATIONS and not _is_verb(word) and word not in _COPULAS


def _thing(words: list[str]) -> tuple[Thing | None, bool]:
    """The thing that words name, and whether they name several."""
    found = emoji_names.english(" ".join(words))
    if found:
        return found, False
    for last in emoji_names.singulars(words[-1]):
        found = emoji_names.english(" ".join([*words[:-1], last]))
        if found:
            return found, True
    return None, False


def _is_verb(word: str) -> bool:
    stems = {word, word.removesuffix("s"), word.removesuffix("es")}
    if word.endswith("ing"):
        stem = word[:-3]
        stems |= {stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem}
    return not VERBS.isdisjoint(stems)


def _after_noun(before: list[_Unit]) -> bool:
    return bool(before) and before[-1].what == "thing"
