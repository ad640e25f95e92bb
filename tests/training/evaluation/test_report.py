"""The tables that people read."""

from __future__ import annotations

from training.evaluation.metrics.proportions import proportion_of
from training.evaluation.report import text_of
from training.evaluation.scores import FormatRow, Measure, Overall, Report, RoutePair, Row, Topic

HALF, ALL = proportion_of([True, False]), proportion_of([True, True])


def row(direction: str, language: str = "en", **more: object) -> Row:
    by_attribute = {"image thing": ALL, "audio thing": HALF, "words": HALF, "colour": ALL}
    return Row(direction, language, "seen", 2, ALL, HALF, HALF, by_attribute, **more)  # type: ignore[arg-type]


def cells(text: str, start: str) -> list[list[str]]:
    """Rows of the tables whose first cell is `start`."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    split = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [line for line in split if line[0] == start]


def test_a_direction_has_one_line_a_table_and_a_column_a_language() -> None:
    report = Report(
        "tiny", "pocketworld", 2, 1, rows=[row("a"), row("b"), row("a", "zh")],
        overall=[Overall("en", "seen", ALL, HALF), Overall("zh", "seen", HALF, ALL)],
        oracle_on_true_media={"image": ALL}, routing=ALL,
    )  # fmt: skip
    text = text_of(report)
    assert cells(text, "a")[:3] == [
        ["a", "50.0% ±40.5", "50.0% ±40.5"],
        ["a", "100.0% ±32.9", "100.0% ±32.9"],
        ["a", "50.0% ±40.5", "50.0% ±40.5"],
    ]
    assert cells(text, "b")[0] == ["b", "50.0% ±40.5", ""]
    assert cells(text, "all")[0] == ["all", "50.0% ±40.5", "100.0% ±32.9"]
    assert "routing, all answers: 100.0% ±32.9 of 2" in text
    assert "the oracle on true media: image 100.0%" in text
    assert "Wilson's 95 % interval" in text
    assert "STOPPED" not in text


def test_attributes_stand_in_the_worlds_order_and_several_media_side_by_side() -> None:
    text = text_of(Report("tiny", "pocketworld", 2, 1, rows=[row("a")]))
    assert cells(text, "direction")[-1] == ["direction", "cases", "thing", "colour", "words"]
    assert cells(text, "a")[-1] == ["a", "2", "100% / 50%", "100%", "50%"]


def test_edits_are_shown_only_where_there_are_any() -> None:
    plain = Report("tiny", "pocketworld", 2, 1, rows=[row("a")])
    assert "Edits" not in text_of(plain)
    edits = Report("tiny", "pocketworld", 2, 1, rows=[row("a", changed=ALL, stayed=HALF)])
    assert cells(text_of(edits), "en, seen") == [["en, seen", "100.0% ±32.9", "50.0% ±40.5", "2"]]


def test_routes_formats_and_measures_have_their_tables() -> None:
    report = Report(
        "tiny", "pocketworld", 2, 1,
        routes=[RoutePair("image", 2, ALL, HALF, {"thing": (ALL, HALF)})],
        formats=[FormatRow("Q8_0", 3.25, 2, ALL, HALF, ALL, 0.9999)],
        measures=[Measure("text -> image", "FID", 0.1234, 0.05, 100),
                  Measure("image -> text", "CIDEr", 2.0, None, 90)],
        notes=["and this"], complete=False, steps=3, seconds=90,
    )  # fmt: skip
    text = text_of(report)
    assert [line[2:] for line in cells(text, "image")] == [
        ["projected", "100.0% ±32.9", "100%"], ["captioned", "50.0% ±40.5", "50%"],
    ]  # fmt: skip
    assert cells(text, "Q8_0")[0][1:3] == ["3.2", "2"]
    assert cells(text, "Q8_0")[0][-1] == "0.9999"
    assert cells(text, "text -> image") == [["text -> image", "FID", "0.123", "0.050", "100"]]
    assert cells(text, "image -> text") == [["image -> text", "CIDEr", "2.000", "", "90"]]
    assert text.endswith("and this")
    assert "STOPPED" in text.splitlines()[0]
    assert "1.5 minutes, 3 diffusion steps" in text


def test_a_topic_stands_beside_chance_and_the_oracle() -> None:
    topic = Topic(
        "count", "zh", 2, HALF, 1 / 3, ALL, ALL, HALF, {"count": HALF}, {"count": ALL}, ALL
    )
    text = text_of(Report("tiny", "composition", 2, 1, phrasings="known", topics=[topic]))
    assert cells(text, "count") == [
        [
            "count",
            "zh",
            "2",
            "50.0% ±40.5",
            "100.0% ±32.9",
            "33%",
            "100.0% ±32.9",
            "100.0% ±32.9",
            "50.0% ±40.5",
        ]
    ]
    assert "known phrasings" in text.splitlines()[0]
    assert "blind choice" in text
    assert "Attributes right" not in text
