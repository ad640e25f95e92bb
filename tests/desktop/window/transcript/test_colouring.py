"""Code is shown at once and coloured when a helper process has its colours."""

from __future__ import annotations

import pytest

from desktop.window.transcript.blocks import Block
from desktop.window.transcript.colours import Colours
from storage.library import Library
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import exchange

SLOW = "```css+genshitext\n" + "\n" * 20_000 + "x\n```"
"""Takes this lexer many seconds within one step."""


def _open_with(open_window: Open, library: Library, answer: str) -> Driver:
    conversation = library.conversations.new("code").id
    exchange(library, conversation, "code", answer)
    library.close()
    driver = open_window()
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.items("codeBlock"))
    return driver


@pytest.fixture
def library(library_path: object) -> Library:
    """The window's library, before the window."""
    return Library.open(library_path)  # type: ignore[arg-type]  (a path)


def _code(driver: Driver) -> str:
    return str(driver.item("codeBlock").property("text"))


def test_code_gets_its_colours_and_those_of_another_theme(
    open_window: Open, library: Library
) -> None:
    driver = _open_with(open_window, library, "```python\ndef f(): pass\n```")
    driver.until(lambda: "color:" in _code(driver))
    light = _code(driver)

    dark = "light" if driver.medley.property("dark") else "dark"
    driver.window.session.prefer(theme=dark)

    driver.until(lambda: "color:" in _code(driver) and _code(driver) != light)


def test_code_that_takes_too_long_to_be_coloured_is_shown_without(
    open_window: Open, library: Library
) -> None:
    driver = _open_with(open_window, library, SLOW)
    model = driver.medley.transcript_model.colours
    driver.until(lambda: model._known)

    assert list(model._known.values()) == [()]
    assert "color:" not in _code(driver)
    # What comes after it is coloured by a new helper.
    assert not _dressed(model, "x = 1").count("color:")
    driver.until(lambda: "color:" in _dressed(model, "x = 1"))


def test_a_window_that_is_closed_does_not_wait_for_colours(
    open_window: Open, library: Library
) -> None:
    driver = _open_with(open_window, library, SLOW)
    helper = driver.medley.transcript_model.colours._helper
    driver.until(lambda: helper._process is not None)
    process = helper._process

    driver.window.close()

    assert process is not None
    assert process.returncode is not None and process.returncode < 0


def test_the_library_does_not_wait_for_colours(open_window: Open, library: Library) -> None:
    driver = _open_with(open_window, library, SLOW)
    helper = driver.medley.transcript_model.colours._helper
    driver.until(lambda: helper._process is not None)

    titles: list[str] = []
    driver.window.session.ask(
        lambda now: [c.title for c in now.library.conversations.list(limit=1)], titles.extend
    )

    driver.until(lambda: titles)
    assert driver.medley.transcript_model.colours._at_work


def test_code_that_grows_keeps_the_colours_of_what_was_there(opened: Driver) -> None:
    model = opened.medley.transcript_model.colours
    first = "def f():\n    pass"
    opened.until(lambda: "color:" in _dressed(model, first))

    grown = _dressed(model, first + "\nx = 1")

    assert grown.splitlines()[0] == _dressed(model, first).splitlines()[0]
    assert grown.endswith("\n    pass\nx = 1</pre>")
    opened.until(lambda: "color:" in _dressed(model, first + "\nx = 1").splitlines()[-1])


def _dressed(model: Colours, code: str) -> str:
    """The code as it is shown now."""
    block = Block("1/0/code", "code", "", code, language="python")
    return model.dressed([block], False)[0].text
