"""The report of an evaluation as text: tables that are also Markdown tables.

Knows the numbers; measures nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from training.evaluation.metrics.proportions import Proportion
from training.evaluation.scores import FormatRow, Measure, Report, RoutePair, Row, Topic
from training.pocketworld.scene import ATTRIBUTES

WIDTH = 118
FOOTNOTE = (
    "± is half of Wilson's 95 % interval. Attributes are measured from pixels, spectra and "
    "motion, and in text answers from the words. The judgements of one case are correlated, so "
    "the true interval is wider. Whatever an answer lacks counts as wrong. For a given medium, "
    "only what it shows counts. Several media of one answer are separated by slashes: picture / "
    "sound / clip. Sounds have no colour and no place, so their combinations are never unseen."
)

COMPOSITIONS = (
    "± is half of Wilson's 95 % interval. *Right* is the topic's own word: how many, which way, "
    "how loud, in which order, how fast; *the rest* is everything else that was stated. "
    "*Captioned* is the topic's word in media that the decoder makes of full captions of other "
    "compositions, without the language model. *Chance* is a blind choice among the topic's "
    "words, *the oracle* its accuracy on true media. Everything is measured from pixels, spectra "
    "and tracks; whatever an answer lacks counts as wrong."
)

PARAPHRASES = (
    "± is half of Wilson's 95 % interval. Every phrasing of the set is asked once, about a seen "
    "scene. *Routing* is right if the answer has the right media in the right order and nothing "
    "else. *Attributes* counts the stated attributes that the answer's own words state too, none "
    "if the routing is wrong. How well the media show them is measured by the suite pocketworld."
)


def text_of(report: Report) -> str:
    """All tables of what was measured, with the footnote."""
    parts = [_head(report)]
    if report.suite == "paraphrases":
        parts += [*_paraphrases(report), PARAPHRASES]
    elif report.rows:
        parts += _pocketworld(report)
    if report.topics:
        parts += [_drawn("Compositions", _topics(report.topics)), COMPOSITIONS]
    if report.routes:
        parts.append(_drawn("Projected and captioned routing", _routes(report.routes)))
    if report.formats:
        parts.append(_drawn("Formats of the language model", _formats(report.formats)))
    if report.measures:
        parts.append(_drawn("The paper's measures", _measures(report.measures)))
    if report.suite == "pocketworld" and (report.rows or report.routes or report.formats):
        parts.append(FOOTNOTE)
    parts += report.notes
    return "\n\n".join(parts)


def _head(report: Report) -> str:
    text = f"{report.bundle}: suite {report.suite}, limit {report.limit}, seed {report.seed}"
    text += f", {report.seconds / 60:.1f} minutes"
    if report.steps is not None:
        text += f", {report.steps} diffusion steps"
    if report.phrasings != "held-out":
        text += f", {report.phrasings} phrasings"
    if not report.complete:
        text += "; STOPPED, this is what there is so far"
    if report.routing is not None:
        text += f"\nrouting, all answers: {_percentage(report.routing)} of {report.routing.n}"
    if report.oracle_on_true_media:
        shares = (f"{m} {_percentage(s)}" for m, s in report.oracle_on_true_media.items())
        text += f"\nthe oracle on true media: {', '.join(shares)}"
    return text


def _pocketworld(report: Report) -> list[str]:
    rows = report.rows
    parts = [
        _drawn("Attributes right", _by_group(rows, "attributes", report)),
        _drawn("Routing right", _by_group(rows, "routing", report)),
        _drawn("Answers with everything right", _by_group(rows, "right", report)),
    ]
    if any(row.changed for row in rows):
        parts.append(_drawn("Edits", _edits(rows)))
    for group in dict.fromkeys(_group(row) for row in rows):
        mine = [row for row in rows if _group(row) == group]
        parts.append(_drawn(f"By attribute, {group}", _by_attribute(mine)))
    return parts


def _paraphrases(report: Report) -> list[str]:
    return [
        _drawn("Understood: routing", _by_group(report.rows, "routing", report)),
        _drawn("Understood: attributes", _by_group(report.rows, "attributes", report)),
    ]


def _group(row: Row) -> str:
    return f"{row.language}, {row.combinations}"


def _by_group(rows: Sequence[Row], measure: str, report: Report) -> Table:
    """One line per direction, one column per language and combination."""
    groups = list(dict.fromkeys(_group(row) for row in rows))
    table = _table("direction", *groups)
    for direction in dict.fromkeys(row.direction for row in rows):
        cells = {_group(row): getattr(row, measure) for row in rows if row.direction == direction}
        table.add_row(direction, *(_percentage(cells.get(group)) for group in groups))
    if measure != "right":
        every = {f"{o.language}, {o.combinations}": getattr(o, measure) for o in report.overall}
        table.add_row("all", *(_percentage(every.get(group)) for group in groups))
    return table


def _edits(rows: Sequence[Row]) -> Table:
    table = _table("edits", "named attribute changed", "the others stayed", "cases")
    for row in rows:
        if row.changed is not None:
            table.add_row(
                _group(row), _percentage(row.changed), _percentage(row.stayed), str(row.cases)
            )
    return table


def _by_attribute(rows: Sequence[Row]) -> Table:
    names = _ordered(name for row in rows for name in row.by_attribute)
    table = _table("direction", "cases", *names)
    for row in rows:
        table.add_row(row.direction, str(row.cases), *(_named(row, name) for name in names))
    return table


def _ordered(keys: Iterable[str]) -> list[str]:
    """Attributes by name, in the world's order, then what is none."""
    found = dict.fromkeys(key.split()[-1] for key in keys)
    return [n for n in ATTRIBUTES if n in found] + [n for n in found if n not in ATTRIBUTES]


def _named(row: Row, name: str) -> str:
    """The share of one attribute; of several media one after the other."""
    found = [s for key, s in row.by_attribute.items() if key.split()[-1] == name]
    return " / ".join(f"{share.share:.0%}" for share in found)


def _topics(topics: Sequence[Topic]) -> Table:
    table = _table(
        "topic", "language", "cases", "right", "captioned", "chance", "the oracle", "routing",
        "the rest",
    )  # fmt: skip
    for one in topics:
        table.add_row(
            one.topic, one.language, str(one.cases), _percentage(one.right),
            _percentage(one.captioned) if one.captioned else "", f"{one.chance:.0%}",
            _percentage(one.oracle), _percentage(one.routing), _percentage(one.others),
        )  # fmt: skip
    return table


def _routes(pairs: Sequence[RoutePair]) -> Table:
    names = _ordered(name for pair in pairs for name in pair.by_attribute)
    table = _table("decoder", "requests", "routing", "attributes", *names)
    for pair in pairs:
        for side, way in enumerate(("projected", "captioned")):
            every = pair.captioned if side else pair.projected
            marks = (pair.by_attribute.get(name) for name in names)
            cells = (f"{mark[side].share:.0%}" if mark else "" for mark in marks)
            table.add_row(pair.modality, str(pair.requests), way, _percentage(every), *cells)
    return table


def _formats(rows: Sequence[FormatRow]) -> Table:
    table = _table(
        "format", "MB", "cases", "routing", "attributes", "same words", "conditions' cosine"
    )
    for row in rows:
        table.add_row(
            row.format, f"{row.megabytes:.1f}", str(row.cases), _percentage(row.routing),
            _percentage(row.attributes), _percentage(row.same_words), f"{row.condition_cosine:.4f}",
        )  # fmt: skip
    return table


def _measures(measures: Sequence[Measure]) -> Table:
    table = _table("direction", "measure", "value", "of the truth", "n")
    for one in measures:
        anchor = "" if one.anchor is None else f"{one.anchor:.3f}"
        table.add_row(one.direction, one.name, f"{one.value:.3f}", anchor, str(one.n))
    return table


def _percentage(share: Proportion | None) -> str:
    if share is None or share.n == 0:
        return ""
    return f"{share.share:.1%} ±{100 * share.half_width:.1f}"


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.MARKDOWN, show_edge=True)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _drawn(title: str, table: Table) -> str:
    return f"## {title}\n\n{_rendered([table])}"


def _rendered(tables: Iterable[Table]) -> str:
    out = io.StringIO()
    console = Console(file=out, width=WIDTH, force_terminal=False, color_system=None)
    for table in tables:
        console.print(table)
    lines = out.getvalue().strip("\n").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")
