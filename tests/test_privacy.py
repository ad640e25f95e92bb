"""What `docs/privacy.md` says of connections is what the grammar and the source say."""

from __future__ import annotations

from tests.network import COMMANDS, DOCUMENT, MODULES, commands, modules_that_could, written


def test_the_document_shows_every_command_and_every_module() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text == written(text), "run `python -m tests.network` and look at what changed"


def test_only_real_commands_are_said_to_connect() -> None:
    assert COMMANDS.keys() <= set(commands())


def test_no_other_module_could_open_a_connection() -> None:
    found = modules_that_could()
    known = {
        name: [one for one in found if one == name or one.startswith(f"{name}.")]
        for name in MODULES
    }
    assert [name for name, there in known.items() if not there] == []
    assert found - {one for there in known.values() for one in there} == set()
