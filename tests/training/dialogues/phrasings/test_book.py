"""Phrasings say the same in both languages, and those held out stay out of training."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest

from tests.training.talking import MODALITIES, bare, in_every_language, many, speaks
from training.dialogues import dialogues, exchanges, typos
from training.dialogues.follow_ups import EDITED
from training.dialogues.phrasings import BOOKS, HELD_OUT_KINDS, PHRASINGS, all_held_out, held_out
from training.dialogues.phrasings.book import TALK, kind_of
from training.dialogues.phrasings.lists import read_list
from training.pocketworld import captions_zh
from training.pocketworld.captions import BY_LANGUAGE, alone, read_caption
from training.pocketworld.scene import ATTRIBUTES


def held_out_patterns(language: str) -> list[re.Pattern[str]]:
    """Every held-out phrasing around any caption, attribute or movement."""
    made, known = [], BY_LANGUAGE[language].values()
    words = {w for values in known for ps in values.values() for p in ps for w in p.split()}
    caption = rf"an?(?: (?:{'|'.join(sorted(words))}))+"
    if language == "zh":
        counts = "".join(captions_zh.MEASURE.values())
        caption = f"[{''.join(sorted({*''.join(words), *counts, *'一的在时，'}))}]+"
    kinds = product(PHRASINGS, HELD_OUT_KINDS)
    for kind, template in ((k, t) for s, k in kinds for t in held_out(k, language, s)):
        pattern = re.escape(template)
        pattern = pattern.replace(r"\{x\}", caption)
        attribute = kind.split()[1]
        if attribute in ATTRIBUTES:
            phrases = BY_LANGUAGE[language][attribute].values()
            named = {alone(attribute, v, language) for v in ATTRIBUTES[attribute]}
            named |= {re.escape(phrase) for known in phrases for phrase in known}
            pattern = pattern.replace(r"\{e\}", f"(?:{'|'.join(sorted(named))})")
        moves = {move for known in BOOKS[language].moves.values() for move in known}
        made.append(re.compile(pattern.replace(r"\{m\}", f"(?:{'|'.join(sorted(moves))})")))
    return made


@in_every_language
def test_every_kind_has_held_out_phrasings_with_the_places_of_its_kind(language: str) -> None:
    book = BOOKS[language]
    wanted = {f"request {m}" for m in book.request} | {f"both {m}" for m in book.both}
    wanted |= {f"ask {m}" for m in book.ask} | {f"turn {a} {b}" for a, b in book.turn_into}
    wanted |= {f"edit {name}" for name in book.now} | {f"switch {m}" for m in book.switch}
    assert set(HELD_OUT_KINDS) == wanted
    for among in PHRASINGS:
        assert set(read_list(among, language)) == wanted
    for among, kind in product(PHRASINGS, HELD_OUT_KINDS):
        phrases = held_out(kind, language, among)
        assert len(set(phrases)) == len(phrases) >= 1
        for phrase in phrases:
            places = set(re.findall(r"\{(.)\}", phrase))
            assert places <= {"turn": {"m"}, "edit": {"e", "m"}}.get(kind.split()[0], {"x"})
            assert ("{x}" in phrase) == kind.startswith(("request", "both"))


@in_every_language
def test_every_list_of_further_phrasings_is_of_a_kind_that_the_book_takes_in(language: str) -> None:
    book, more = BOOKS[language], read_list("training", language)
    known = {*HELD_OUT_KINDS, *(kind_of("question", name) for name in book.question)}
    known |= {"outside", "subject"}
    assert set(more) == known | {kind_of("talk", name) for name in TALK}
    taken = {
        *book.phrases(),
        *book.outside_ask,
        *book.outside,
        *(text for asked, _ in book.talk for text in asked),
    }
    assert {p for phrases in more.values() for p in phrases} - taken <= all_held_out(language)


@in_every_language
def test_held_out_phrasings_never_occur_in_training(language: str) -> None:
    texts = {bare(exchange.text) for dialogue in many() for exchange in dialogue}
    texts = {text for text in texts if speaks(text) == language}
    assert len(texts) > 200
    for pattern in held_out_patterns(language):
        assert not [text for text in texts if pattern.fullmatch(text)], pattern


@in_every_language
def test_no_training_phrasing_is_held_out_with_typos(language: str) -> None:
    spoken, held = set(BOOKS[language].phrases()), all_held_out(language)
    assert not held & spoken
    assert not held & {slip for phrase in spoken for slip in typos.slips(phrase)}


@in_every_language
def test_the_words_of_held_out_phrasings_occur_in_training(language: str) -> None:
    book = BOOKS[language]
    known = [*book.phrases(), *book.before, *book.after, *book.outside_ask, *book.outside]
    known += [*book.openers, *book.closers, *(text for asked, _ in book.talk for text in asked)]
    taught = parts(" ".join(known), language)
    for phrase in all_held_out(language):
        assert parts(phrase, language) <= taught, phrase


def parts(text: str, language: str) -> set[str]:
    """Words of an English text, characters of a Chinese one."""
    text = re.sub(r"\{.\}|[ ,，：]", " ", text)
    return set(text.split()) if language == "en" else set(text)


@in_every_language
def test_phrasings_state_no_attributes_of_their_own(language: str) -> None:
    book = BOOKS[language]
    asked = {phrase for phrases in book.question.values() for phrase in phrases}
    kept = [p for p in book.phrases() if p not in asked]
    kept += all_held_out(language)
    for phrase in (*kept, *book.outside, *book.outside_ask, *book.make.values(), book.refusal):
        assert read_caption(phrase) == {}, phrase
    for motion, phrases in book.moves.items():
        for phrase in phrases:
            assert read_caption(phrase) in ({}, {"motion": motion}), phrase


@in_every_language
def test_both_languages_can_say_the_same_things(language: str) -> None:
    book, english = BOOKS[language], BOOKS["en"]
    for name in ("request", "both", "ask", "turn_into", "now", "switch", "moves", "question",
                 "question_first", "answer", "make", "see"):  # fmt: skip
        assert list(getattr(book, name)) == list(getattr(english, name)), name
    assert set(book.moves) == set(ATTRIBUTES["motion"])
    assert set(book.question) == set(book.answer) == set(ATTRIBUTES)


@in_every_language
@pytest.mark.parametrize("modality", MODALITIES)
def test_training_uses_every_phrasing_of_requests(modality: str, language: str) -> None:
    rng = np.random.default_rng(15)
    texts = "\n".join(bare(dialogues.request(modality, rng, language).text) for _ in range(8000))
    for template in BOOKS[language].request[modality]:
        before, after = map(re.escape, template.split("{x}"))
        assert re.search(f"^{before}.+{after}$", texts, re.MULTILINE), template


@in_every_language
def test_no_phrasing_stands_twice_in_its_kind(language: str) -> None:
    book = BOOKS[language]
    families = (book.request, book.both, book.ask, book.turn_into, book.now, book.switch,
                book.moves, book.question, book.question_first)  # fmt: skip
    for phrases in (book.ask_all, book.outside_ask, *(ps for f in families for ps in f.values())):
        assert len(set(phrases)) == len(phrases), phrases


def test_questions_of_every_kind_are_asked_with_a_question_mark_too() -> None:
    rng = np.random.default_rng(5)

    def said(text: str, language: str) -> set[str]:
        return {exchanges.written(text, rng, language=language)[-1] for _ in range(40)}

    for question in ("what would this picture sound like", "can you draw a boat", "could i see it"):
        assert said(question, "en") == {question[-1], "?"}
    assert said("make this picture move", "en") == {"e", ".", "!"}
    assert "？" in said("能让这张照片动起来吗", "zh")
    assert "？" in said("它听起来怎么样", "zh")
    assert "？" not in said("画一只小狗", "zh")


@in_every_language
def test_an_edit_of_one_medium_never_names_another(language: str) -> None:
    book = BOOKS[language]
    lists = [
        book.now,
        *({n: held_out(f"edit {n}", language, a) for n in book.now} for a in PHRASINGS),
    ]
    for phrases in lists:
        for modality, names in EDITED.items():
            for name in names:
                assert book.about(modality, phrases[name]), (modality, name)
    assert book.about("video", ("{e} instead", "draw it {e}", "画成{e}", "画面换成{e}")) == (
        ("{e} instead", "画成{e}", "画面换成{e}") if language == "en" else
        ("{e} instead", "draw it {e}", "画面换成{e}")
    )  # fmt: skip
