"""Which of several pronunciations a word has, told by the words beside it.

The dictionary keeps them by kind of word: NOUN, VERB, ADJ, VBD (past), DT, and `None` for a word
that ends a clause. No grammar is computed; the neighbours say enough in everyday sentences.
"""

from __future__ import annotations

from collections.abc import Mapping

_DETERMINERS = frozenset(
    "a an the this that these those my your his her its our their some any no every each another "
    "which what whose one two three of in on with for from by about without".split()
)
_BEFORE_VERBS = frozenset(
    "to will would can could shall should may might must cannot can't won't don't doesn't didn't "
    "couldn't wouldn't shouldn't let's please i you we they who not never always just also then "
    "i'll you'll we'll they'll he'll she'll it'll i'd you'd we'd they'd and help".split()
)
_OBJECTS = frozenset(
    "the a an this that these those my your his her its our their me you him us them it all some "
    "every each".split()
)
_HAVE = frozenset(
    "have has had having i've you've we've they've he's she's was were be been being is are am got "
    "get already never ever".split()
)
_PASSIVE = frozenset("is are be was were been being it's that's they're".split())
_PAST = frozenset("yesterday ago last was were had did said told went saw took".split())
_LEAVES = frozenset("in on at near with here there for by together alone as".split())
_METAL = frozenset("pipe pipes paint poisoning acid metal free based".split())


def chosen(
    word: str, forms: Mapping[str, str | None], before: str, after: str, sentence: frozenset[str]
) -> str | None:
    """The phonemes of a word with several forms; None where it is to be spelled.

    Args:
        word: in small letters.
        forms: phonemes by kind of word, `DEFAULT` among them.
        before, after: the neighbours in small letters; empty at the begin and the end of a clause.
        sentence: all words of the text in small letters.
    """
    kind = _kind(word, forms, before, after, sentence)
    return forms.get(kind, forms["DEFAULT"])


def _kind(
    word: str, forms: Mapping[str, str | None], before: str, after: str, sentence: frozenset[str]
) -> str:
    if word == "used":
        return "VBD" if after == "to" and _habit(before) else "DEFAULT"
    if "VBD" in forms:
        return _past(before, after, sentence)
    if not after and "None" in forms:
        return "None"
    if word in ("live", "lives"):
        return _live(before, after)
    return _verb_or_noun(forms, before, after)


def _habit(before: str) -> bool:
    return before not in _PASSIVE


def _past(before: str, after: str, sentence: frozenset[str]) -> str:
    if before in _HAVE:
        return "VBN"
    if before in _BEFORE_VERBS and before not in ("i", "you", "we", "they", "and", "who", "then"):
        return "DEFAULT"
    return "VBD" if before and sentence & _PAST else "DEFAULT"


def _live(before: str, after: str) -> str:
    if before in _BEFORE_VERBS or (after in _LEAVES and before not in _HAVE):
        return "VERB"
    return "VERB" if before in ("he", "she", "it", "that", "people", "animals") else "DEFAULT"


def _verb_or_noun(forms: Mapping[str, str | None], before: str, after: str) -> str:
    if before in _BEFORE_VERBS and before not in ("just", "also", "always", "then", "and"):
        return "VERB"
    if before in _DETERMINERS:
        return "ADJ" if "ADJ" in forms and after and after not in _LEAVES else "NOUN"
    if after in _OBJECTS and "VERB" in forms:
        return "VERB"
    return "DEFAULT"


def led_or_lead(before: str, after: str) -> str:
    """The metal `lˈɛd` or the verb `lˈid`."""
    return "lˈɛd" if after in _METAL or before == "of" else "lˈid"
