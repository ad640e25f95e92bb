"""From judged answers to rows."""

from __future__ import annotations

import json

from runtime.messages import Message, TextPart
from training.evaluation.judging import Answer, Case, Judgement, Question, Result
from training.evaluation.metrics.proportions import proportion_of
from training.evaluation.scores import Report, attributes_of, overall_of, routing_of, rows_of

SAID = Message("user", (TextPart("draw"),))


def result(direction: str, routed: bool, language: str = "en", **rights: bool) -> Result:
    marks = [Judgement(0, name, "yes", "yes" if right else "no") for name, right in rights.items()]
    case = Case(direction, (Question(SAID, ()),), 0, language)
    return Result(case, [], [routed], marks)


RESULTS = [
    result("a", True, thing=True, colour=True),
    result("b", True, thing=False),
    result("a", False, thing=True, colour=False),
    result("a", True, "zh", thing=False),
]


def test_there_is_a_row_for_every_direction_and_language() -> None:
    rows = rows_of(RESULTS)
    assert [(r.direction, r.language, r.combinations, r.cases) for r in rows] == [
        ("a", "en", "seen", 2), ("b", "en", "seen", 1), ("a", "zh", "seen", 1),
    ]  # fmt: skip
    first = rows[0]
    assert first.routing == proportion_of([True, False])
    assert first.attributes == proportion_of([True, True, True, False])
    assert first.right == proportion_of([True, False])
    assert first.by_attribute == {
        "thing": proportion_of([True, True]), "colour": proportion_of([True, False])
    }  # fmt: skip
    assert (first.changed, first.stayed) == (None, None)


def test_all_directions_together_are_told_apart_by_language() -> None:
    english, chinese = overall_of(RESULTS)
    assert (english.language, english.routing.n, chinese.language) == ("en", 3, "zh")
    assert english.attributes == proportion_of([True, True, False, True, False])
    assert routing_of(RESULTS).n == 4
    assert attributes_of(RESULTS).n == 6


def test_edits_have_two_numbers_of_their_own() -> None:
    before = {"thing": "boat", "time": "day", "place": "sea"}
    after = {"thing": "car", "time": "night", "place": "sea"}
    case = Case("e", (Question(SAID, None), Question(SAID, ())), 0, edited="time")
    answers = [Answer(shown=[before]), Answer(shown=[after])]
    marks = [Judgement(1, "time", "night", "night"), Judgement(1, "thing", "boat", "car")]
    (row,) = rows_of([Result(case, answers, [True], marks)])
    assert row.changed == proportion_of([True])
    assert row.stayed == proportion_of([False, True])


def test_a_report_is_plain_data() -> None:
    report = Report("tiny", "pocketworld", 2, 1, rows=rows_of(RESULTS), overall=overall_of(RESULTS))
    data = json.loads(json.dumps(report.to_data()))
    assert data["rows"][0]["attributes"] == {
        "share": 0.75, "half_width": proportion_of([True] * 3 + [False]).half_width, "n": 4
    }  # fmt: skip
    assert data["complete"] is True
