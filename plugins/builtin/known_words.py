"""The closed vocabulary of a small decoder, and captions in everyday words rewritten into it.

A decoder that was trained on few words draws something else for all others, so it says which ones
it knows: the setting `known_words` of its bundle names one of the vocabularies in the folder beside
this module. Groups hold the words and what else means the same; forms are the sentences that the
decoder learned. A caption is known when every word of it has its place in one form. Knows no model.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from plugins.errors import KnownError

FOLDER = "vocabularies"
SETTING = "known_words"
_TOKENS = re.compile(
    r"[\u4e00-\u9fff]|[^\W_\u4e00-\u9fff]+(?:['-][^\W_\u4e00-\u9fff]+)*|[,，.。;；、!！?？]"
)
_BREAKS = ",，.。;；、!！?？"
"""No wording goes across these."""
_FIELDS = re.compile(r"\{(\w+)\}")
_LINKS = frozenset("and in on at to by for from with into onto through across".split())
_LONGEST = 8
"""Tokens of the longest wording."""
Option = tuple[str, str]
"""A group, and the word of it that is meant."""


@dataclass(frozen=True)
class Phrase:
    """Words of a caption that belong together, and what they may mean; nothing if unknown."""

    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Form:
    """A sentence that the decoder learned, with places for words of groups."""

    text: str
    needs: tuple[str, ...]
    """Groups without which it is not this form; one that is there twice is needed twice."""
    order: Literal["any", "as written", "reversed"] = "any"
    """The order in which the caption must have what the form needs."""
    defaults: tuple[Option, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The groups of its places, in order."""
        return tuple(_FIELDS.findall(self.text))


@dataclass(frozen=True)
class Vocabulary:
    """The vocabulary of one decoder."""

    phrases: Mapping[str, tuple[Option, ...]]
    """The possible meanings of a wording, whose tokens are joined by single spaces."""
    forms: tuple[Form, ...]
    usual: Mapping[str, Mapping[str, str]]
    """The meaning where the caption does not say, by group and thing."""

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        """The words of a caption for which the decoder has no place, as they are written there;
        everything that it says when it names nothing that the decoder could make."""
        said = self._read(caption)
        strange = [p.words for p in said if not p.options]
        telling = [words for words in strange if words.lower() not in _LINKS]
        if telling:
            return tuple(dict.fromkeys(telling))
        text, rest = self._best([phrase for phrase in said if phrase.options])
        nowhere = [phrase.words for phrase in rest] or strange
        if nowhere:
            return tuple(dict.fromkeys(nowhere))
        return () if text else (caption.strip() or "nothing",)

    def known_caption(self, caption: str) -> str:
        """The caption in the decoder's own words and order; empty when it does not know all."""
        said = self._read(caption)
        if not all(phrase.options for phrase in said):
            return ""
        text, rest = self._best(said)
        return "" if rest else text

    def _read(self, caption: str) -> list[Phrase]:
        """The phrases of a caption, the longest first at each place, without small words."""
        tokens = _TOKENS.findall(caption.replace("’", "'"))
        found: list[Phrase] = []
        at = 0
        while at < len(tokens):
            for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
                key = " ".join(tokens[at : at + length]).lower()
                if key in self.phrases:
                    options = self.phrases[key]
                    if options != ((SMALL, ""),):
                        found.append(Phrase(_joined(tokens[at : at + length]), options))
                    break
            else:
                length = 1
                if tokens[at] not in _BREAKS:
                    _add_unknown(found, tokens[at])
            at += length
        return found

    def _best(self, said: list[Phrase]) -> tuple[str, list[Phrase]]:
        """The text of the form that has a place for most of what is said, and what it has none
        for: everything when no form's needs are met."""
        best: tuple[str, list[Phrase]] = ("", said)
        for form in self.forms:
            text, rest = _filled(form, said, self.usual)
            if text and (not best[0] or len(rest) < len(best[1])):
                best = (text, rest)
        return best


SMALL = "small"
"""The group of words that mean nothing to a decoder."""


def vocabulary(name: str, modality: str) -> Vocabulary:
    """The vocabulary of decoders of a modality that were trained on the world of this name.

    Raises:
        KnownError: there is no such vocabulary, or it has nothing for the modality.
    """
    found = _load(name) if re.fullmatch(r"\w+", name) else {}
    if modality not in found:
        names = sorted(
            entry.name.removesuffix(".toml")
            for entry in resources.files("plugins.builtin").joinpath(FOLDER).iterdir()
            if entry.name.endswith(".toml")
        )
        raise KnownError(
            "the setting {setting} of {modality}: expected one of {names}, found {name}; "
            "correct bundle.toml.",
            setting=SETTING,
            modality=modality,
            names=", ".join(names),
            name=repr(name),
        )
    return found[modality]


@lru_cache(maxsize=8)
def _load(name: str) -> dict[str, Vocabulary]:
    """The vocabularies of one file by modality; empty without the file."""
    path = resources.files("plugins.builtin").joinpath(FOLDER, f"{name}.toml")
    if not path.is_file():
        return {}
    data = tomllib.loads(path.read_text("utf-8"))
    groups = {k: v for k, v in data.items() if isinstance(v, dict) and k != "usual"}
    found: dict[str, Vocabulary] = {}
    for modality, listed in data.items():
        if not isinstance(listed, list):
            continue
        forms = tuple(
            Form(
                form["text"],
                tuple(form["needs"]),
                form.get("order", "any"),
                tuple(form.get("defaults", {}).items()),
            )
            for form in listed
        )
        used = {group for form in forms for group in form.fields}
        found[modality] = Vocabulary(_phrases(groups, used), forms, data.get("usual", {}))
    return found


def _phrases(
    groups: Mapping[str, Mapping[str, list[str]]], used: set[str]
) -> dict[str, tuple[Option, ...]]:
    """The possible meanings of every wording of the groups that a modality uses."""
    found: dict[str, tuple[Option, ...]] = {
        _key(word): ((SMALL, ""),) for word in groups[SMALL]["words"]
    }
    for group in sorted(used):
        for word, others in groups[group].items():
            for wording in (word, *others):
                key, option = _key(wording), (group, word)
                known = found.get(key, ())
                known = () if known == ((SMALL, ""),) else known
                if key and option not in known:
                    found[key] = (*known, option)
    return found


def _key(wording: str) -> str:
    return " ".join(token for token in _TOKENS.findall(wording.lower()) if token not in _BREAKS)


def _joined(tokens: list[str]) -> str:
    """Tokens as they were written: Chinese without spaces."""
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", " ".join(tokens))


def _add_unknown(found: list[Phrase], token: str) -> None:
    """One more unknown token; Chinese characters next to each other are one word."""
    chinese = "\u4e00" <= token <= "\u9fff"
    last = found[-1] if found else None
    if chinese and last and not last.options and "\u4e00" <= last.words[-1] <= "\u9fff":
        found[-1] = Phrase(last.words + token, ())
    else:
        found.append(Phrase(token, ()))


def _filled(
    form: Form, said: list[Phrase], usual: Mapping[str, Mapping[str, str]]
) -> tuple[str, list[Phrase]]:
    """The form with what is said at its places, and what has none; an empty text when something
    that it needs is not said."""
    fields = form.fields
    values: dict[int, str] = {}
    rest: list[Phrase] = []
    anchors: list[int] = []
    """Places of what it needs, in the order in which the caption has them."""
    for phrase in said:
        place, word = _place(phrase, fields, values, max(anchors, default=-1))
        if place is None:
            rest.append(phrase)
            continue
        values[place] = word
        if fields[place] in form.needs:
            anchors.append(place)
    needed = list(form.needs)
    for place in anchors:
        if fields[place] in needed:
            needed.remove(fields[place])
    wanted = {"as written": sorted(anchors), "reversed": sorted(anchors, reverse=True)}
    if needed or anchors != wanted.get(form.order, anchors):
        return "", said
    for place, group in enumerate(fields):
        if place not in values:
            known = usual.get(group, {})
            word = next((known[said] for said in values.values() if said in known), "")
            if word:
                values[place] = word
    for group, word in form.defaults:
        values.setdefault(fields.index(group), word)
    return _written(form.text, values), rest


def _place(
    phrase: Phrase, fields: tuple[str, ...], values: Mapping[int, str], after: int
) -> tuple[int | None, str]:
    """A free place for a phrase, and its word; of a group that is there twice, the first place
    after what was said before."""
    for group, word in phrase.options:
        places = [index for index, field in enumerate(fields) if field == group]
        if len(places) > 1:
            places = [index for index in places if index > after]
        for index in places:
            if index not in values:
                return index, word
            if values[index] == word:  # said twice
                return index, word
    return None, ""


def _written(text: str, values: Mapping[int, str]) -> str:
    """The text with its places filled or left out, and the articles that then fit."""
    number = iter(range(len(_FIELDS.findall(text))))
    filled = _FIELDS.sub(lambda _: values.get(next(number), ""), text)
    words = re.sub(r"\s+,", ",", " ".join(filled.split()))
    return re.sub(r"\ba (?=[aeiou])", "an ", words)
