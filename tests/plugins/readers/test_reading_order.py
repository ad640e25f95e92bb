"""Pieces of a page come in the order in which a person reads them."""

from __future__ import annotations

from plugins.readers.reading_order import Piece, in_order


def piece(text: str, left: float, top: float, width: float = 0, height: float = 10) -> Piece:
    """About 6 wide a character."""
    return Piece(text, 0.9, (left, top, left + (width or 6 * len(text)), top + height))


def texts(*pieces: Piece) -> list[str]:
    return [line.text for line in in_order(pieces)]


def test_lines_go_down_and_pieces_go_right() -> None:
    assert texts(
        piece("second line", 0, 20), piece("line", 40, 1), piece("first", 0, 0, width=35)
    ) == ["first line", "second line"]


def test_a_price_stays_in_the_line_of_its_thing() -> None:
    assert texts(
        piece("3.00", 300, 1),
        piece("Tea with milk and sugar", 0, 0),
        piece("Cake with strawberries", 0, 20),
        piece("4.50", 300, 20),
    ) == ["Tea with milk and sugar    3.00", "Cake with strawberries    4.50"]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    left = [piece(f"left column line {n}", 0, 40 + 15 * n) for n in range(4)]
    right = [piece(f"right column line {n}", 200, 41 + 15 * n) for n in range(3)]
    title = piece("A title over both of the columns of the page", 20, 0)
    foot = piece("A foot below both of the columns of the page", 20, 120)

    assert texts(foot, *right, *left, title) == [
        title.text,
        *(one.text for one in left),
        *(one.text for one in right),
        foot.text,
    ]


def test_lines_that_touch_are_not_one() -> None:
    assert texts(piece("the upper one", 0, 0), piece("the lower one", 5, 8)) == [
        "the upper one",
        "the lower one",
    ]


def test_a_line_has_the_box_around_its_pieces_and_their_mean_confidence() -> None:
    (line,) = in_order([Piece("ab", 1.0, (0, 0, 20, 10)), Piece("cd", 0.5, (24, 2, 40, 12))])
    assert line.box == (0, 0, 40, 12)
    assert line.confidence == 0.75


def test_an_empty_page_has_no_lines() -> None:
    assert in_order([]) == []
