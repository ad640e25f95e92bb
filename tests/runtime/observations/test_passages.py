"""Passages of a long text that fit a question."""

from __future__ import annotations

from runtime.observations.passages import Passage, best_passages

TEXTS = [
    "The lighthouse was built in 1851 of grey stone.",
    "Its keeper had two daughters and a parrot.",
    "A storm broke the lamp in the winter of 1879.",
    "The repairs cost four hundred pounds.",
    "Visitors may climb the tower on Sundays.",
]
PASSAGES = [Passage("document", text, f"page {n}") for n, text in enumerate(TEXTS, 1)]


def words(text: str) -> int:
    return len(text.split())


def places(question: str, room: int) -> list[str]:
    return [passage.place for passage in best_passages(PASSAGES, question, room, words)]


def test_the_passage_that_shares_words_with_the_question_is_found() -> None:
    assert places("what did the repair cost?", 9) == ["page 4"]
    assert places("When can a visitor climb up?", 9) == ["page 5"]


def test_passages_stand_in_the_order_of_the_text() -> None:
    assert places("lamp keeper", 20) == ["page 2", "page 3"]


def test_a_question_without_words_of_the_text_gets_passages_from_everywhere() -> None:
    assert places("please summarise this document", 18) == ["page 1", "page 5"]
    assert places("总结一下", 100) == ["page 1", "page 2", "page 3", "page 4", "page 5"]


def test_chinese_is_searched_by_pairs_of_characters() -> None:
    texts = ["灯塔建于一八五一年。", "看守人有两个女儿。", "冬天的风暴打碎了灯。"]
    passages = [Passage("document", text, f"第{n}页") for n, text in enumerate(texts, 1)]
    found = best_passages(passages, "看守人有几个女儿？", 12, len)
    assert [passage.place for passage in found] == ["第2页"]


def test_a_best_passage_that_is_too_long_is_cut_and_marked() -> None:
    long = Passage("document", "stone " * 100, "page 9")
    (kept,) = best_passages([long], "stone", 20, words)
    assert kept.text.endswith("[...]")
    assert words(kept.text) <= 20


def test_accents_are_found_in_either_way_of_writing_them() -> None:
    texts = ["The caf\u00e9 opens at nine.", "The museum opens at ten.", "Rene\u0301 has the key."]
    passages = [Passage("document", text, f"page {n}") for n, text in enumerate(texts, 1)]
    for question in ("cafe\u0301", "caf\u00e9"):
        assert [p.place for p in best_passages(passages, question, 6, words)] == ["page 1"]
    for question in ("Rene\u0301", "Ren\u00e9"):
        assert [p.place for p in best_passages(passages, question, 6, words)] == ["page 3"]
