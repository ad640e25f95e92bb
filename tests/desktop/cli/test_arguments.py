"""The grammar refuses in one helpful line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.cli import arguments
from desktop.cli.printing.output import shown
from tests.desktop.conftest import Run, error_line


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["aks", "hello"], "unknown command 'aks'; did you mean 'ask'?"),
        (["ask", "x", "--sed", "3"], "unknown option '--sed'; did you mean '--seed'?"),
        (["ask", "x", "--imag", "f"], "unknown option '--imag'; did you mean '--image'?"),
        (["ask", "x", "--seed", "pi"], "expected a whole number, found 'pi'"),
        (["ask", "x", "--seed", "-1"], "expected a number from 0 to"),
        (["ask", "x", "--steps", "0"], "expected a number from 1"),
        (["ask", "x", "--only", ","], "found nothing"),
        (["ask"], "nothing to answer"),
        (["ask", "x", "--image"], "expected one argument"),
        (["train", "vicuna"], "invalid choice: 'vicuna'"),
        (["models"], "ACTION"),
        (["render"], "RECIPE_FILE"),
        (["ask", "x", "--bundle", "no-such-bundle"], "no bundle 'no-such-bundle'"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(words: list[str], says: str, medley: Run) -> None:
    assert says in error_line(medley(*words))


def test_media_keep_the_order_in_which_they_were_typed() -> None:
    words = ["ask", "x", "--video", "a", "--image", "b", "--image", "c", "--audio", "d"]

    options = arguments.parse(words)

    assert options.media == [("video", "a"), ("image", "b"), ("image", "c"), ("audio", "d")]


def test_several_words_need_no_quotes() -> None:
    assert arguments.parse(["ask", "draw", "a", "boat"]).prompt == ["draw", "a", "boat"]


def test_kinds_are_taken_once_each_in_any_case() -> None:
    assert arguments.parse(["ask", "x", "--only", "Image, text,image"]).only == ("image", "text")


def test_without_a_command_the_window_is_meant() -> None:
    options = arguments.parse([])

    assert options.command is None
    assert options.files == []


def test_files_without_a_command_are_for_the_window(media: dict[str, Path]) -> None:
    options = arguments.parse([str(media["image"]), str(media["audio"])])

    assert options.command is None
    assert options.files == [media["image"], media["audio"]]


def test_a_file_that_is_not_there_is_named(medley: Run, tmp_path: Path) -> None:
    assert "no file" in error_line(medley(tmp_path / "gone.png"))


@pytest.mark.parametrize("name", [b"f\xff.png", b"two\nlines.png"])
def test_a_path_that_is_no_text_is_refused_in_one_printable_line(name: bytes) -> None:
    command = [sys.executable, "-m", "desktop.cli", "ask", "x", "--image", name]

    result = subprocess.run(command, capture_output=True, check=False)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.decode("ascii").startswith("medley: error: picture ")


def test_a_shown_path_has_no_control_characters() -> None:
    assert shown(Path("a\x1b[31m\udcff\n")).isprintable()


@pytest.mark.parametrize("number", ["0", "-5", "9" * 20, "9" * 5000, "x" * 5000, "1.5", ""])
@pytest.mark.parametrize(
    "words",
    [
        ("library", "export", "x.zip", "--conversation"),
        ("library", "search", "x", "--limit"),
        ("ask", "x", "--steps"),
    ],
)
def test_a_number_that_no_count_can_be_is_told(
    words: tuple[str, ...], number: str, medley: Run
) -> None:
    said = error_line(medley(*words, number))
    assert "expected a" in said and "number" in said and len(said) < 250


def test_files_and_nothing_open_the_window_and_all_else_is_a_command(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")

    assert arguments.opens_window([])
    assert arguments.opens_window([str(tmp_path / "a.png")])
    assert not any(map(arguments.opens_window, (["ask", "x"], ["--version"], ["--help"], ["asc"])))
