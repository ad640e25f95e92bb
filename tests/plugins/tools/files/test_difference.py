"""A diff says what changes, and is found in bounded time."""

from __future__ import annotations

from plugins.tools.files.difference import unified_diff


def test_a_change_is_shown_with_the_lines_of_the_whole_text() -> None:
    before = "".join(f"{n}\n" for n in range(1, 101))

    diff = unified_diff(before, before.replace("50\n", "fifty\n50b\n"), "a.txt").splitlines()

    assert diff[:3] == ["--- a.txt", "+++ a.txt", "@@ -47,7 +47,8 @@"]
    assert [line for line in diff[3:] if line[0] != " "] == ["-50", "+fifty", "+50b"]


def test_nothing_changes_nothing() -> None:
    assert unified_diff("a\nb\n", "a\nb\n", "a.txt") == ""


def test_texts_with_nothing_in_common_are_not_compared_line_by_line() -> None:
    before, after = "a\n" * 500_000, "b\n" * 400_000

    assert unified_diff(before, after, "a.txt") == (
        "a.txt: 500000 lines from line 1 on are replaced by 400000 others"
    )
