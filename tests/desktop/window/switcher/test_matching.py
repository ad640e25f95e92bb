"""A few letters find what a person means, the best first."""

from __future__ import annotations

import pytest

from desktop.window.switcher.matching import Wanted, folded, name


def best(query: str, *names: str, mistyped: bool = False) -> list[str]:
    """The names that fit, best first."""
    wanted = Wanted(query)
    found = [(wanted.match(name(one), mistyped=mistyped), one) for one in names]
    fitting = [(match.score, one) for match, one in found if match is not None]
    return [one for _, one in sorted(fitting, key=lambda one: -one[0])]


def found(query: str, text: str) -> str:
    """What of a text is shown as found."""
    match = Wanted(query).match(name(text))
    return "" if match is None else "|".join(text[begin:end] for begin, end in match.spans)


def test_the_whole_comes_before_the_beginning_and_that_before_what_is_within() -> None:
    names = ("Presets", "Set", "Settings", "The set of a film")

    assert best("set", *names) == ["Set", "Settings", "The set of a film", "Presets"]


def test_words_stand_in_any_order_and_each_must_be_there() -> None:
    assert best("boat red", "A red boat", "A red car", "Boats") == ["A red boat"]
    assert found("boat red", "A red boat") == "red|boat"


def test_initials_and_letters_left_out_find_words() -> None:
    assert found("nc", "New conversation") == "N|c"
    assert found("trnsl", "Translator") == "Tr|nsl"
    assert best("nc", "New conversation", "Language") == ["New conversation"]


def test_letters_far_from_each_other_are_not_a_word() -> None:
    assert not best("sgs", "Some words about glaciers and seas")
    assert not best("xqz", "Some words")


def test_a_wrong_letter_is_forgiven_where_that_is_asked_for() -> None:
    for query in ("tranlsator", "transsator", "settigns", "settingz"):
        assert not best(query, "Translator")
    assert best("tranlsator", "Translator", "Boat", mistyped=True) == ["Translator"]
    assert best("settinngs", "Settings", mistyped=True) == ["Settings"]
    assert not best("boat", "Translator", mistyped=True)


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("reunion", "Réunion du 3 mai", "Réunion"),
        ("翻译", "把这段翻译成英文", "翻译"),
        ("ＡＢＣ", "abc list", "abc"),
        ("strasse", "Die Straße", ""),
    ],
)
def test_case_accents_and_width_do_not_matter(query: str, text: str, shown: str) -> None:
    assert found(query, text) == shown


@pytest.mark.parametrize("text", ["", "ß", "ﬁne İstanbul", "🙂 smile", "\ud800", "a\u0301"])
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_nothing_fits_everything() -> None:
    match = Wanted("  ").match(name("Anything"))

    assert match is not None and match.spans == ()
    assert Wanted("  ").empty
