"""Signs of calls, found in an answer's bytes however these are cut."""

from __future__ import annotations

import pytest

from runtime.language_model.text.signs import Sign, SignWatch

CALL = Sign(b"<tool_call>", "calls", bool)
BARE = Sign(b'{"name":"paint"', "loose-0", bool, loose=True)
FENCED = Sign(b'```json{"name":"paint"', "loose-0", bool, loose=True)


def read(text: str, size: int) -> tuple[str, Sign | None, str]:
    """The words before a sign, the sign, and what stood behind it in what was fed last."""
    watch, words, data = SignWatch([CALL, BARE, FENCED]), b"", text.encode()
    for begin in range(0, len(data), size):
        fed = data[begin : begin + size]
        words += watch.feed(fed)
        if watch.found is not None:
            return words.decode(), watch.found, fed[len(fed) - watch.behind :].decode()
    return (words + watch.flush()).decode(), None, ""


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize(
    ("text", "words", "sign"),
    [
        ("Let me see.\n<tool_call>\n", "Let me see.\n", CALL),
        ("a < b <tool_cal <tool_call>{", "a < b <tool_cal ", CALL),
        ('{"name": "paint", ', "", BARE),
        ('Sure:\n{\n  "name" : "paint"\n', "Sure:\n", BARE),
        ('\n\n```json\n{\n  "name": "paint",', "\n\n", FENCED),
        ('I write {"name": "paint"}', 'I write {"name": "paint"}', None),
        ('{"name": "paul"}', '{"name": "paul"}', None),
        ("```json\n{}\n```", "```json\n{}\n```", None),
        ("画一只猫。\n  ok <tool_", "画一只猫。\n  ok <tool_", None),
        ("", "", None),
    ],
)
def test_words_pass_and_signs_do_not(text: str, words: str, sign: Sign | None, size: int) -> None:
    before, found, _ = read(text, size)

    # White space before a line belongs to it or not, as the bytes are cut.
    assert (before.rstrip("\n"), found) == (words.rstrip("\n"), sign)


def test_what_stands_behind_a_sign_in_one_piece_is_counted() -> None:
    assert read("a<tool_call>\n{", 100) == ("a", CALL, "\n{")


def test_words_are_held_back_no_longer_than_they_may_be_a_sign() -> None:
    watch = SignWatch([CALL, BARE])

    assert watch.feed(b"a <tool") == b"a "
    assert watch.feed(b"box> b") == b"<toolbox> b"
    assert watch.feed(b"\n") == b"\n"
    assert watch.feed(b' {"na') == b""
    assert watch.feed(b'il"') == b' {"nail"'
    assert watch.feed(b' {"name"') == b' {"name"'
