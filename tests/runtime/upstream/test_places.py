"""Another machine is asked only where the person named it, and never where that is forbidden."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.offline import OFFLINE_VARIABLE
from runtime.upstream.places import FILE, checked, is_address, named, note, place

THERE, HERE = "http://192.0.2.7:8000/v1", "http://127.0.0.1:8000/v1"


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv(OFFLINE_VARIABLE, raising=False)
    return tmp_path / "medley"


def test_this_machine_may_be_asked_without_a_word() -> None:
    found, key = checked(HERE + "/")

    assert (found.url, found.here, found.shown, key) == (HERE, True, "127.0.0.1:8000", "")


def test_another_machine_has_to_be_named_here(config: Path) -> None:
    with pytest.raises(KnownError, match="only the bundle names it"):
        checked(THERE)

    note(THERE, None)

    assert not checked(THERE)[0].here
    assert stat.S_IMODE((config / FILE).stat().st_mode) == 0o600
    with pytest.raises(KnownError, match="only the bundle names it"):
        checked("http://192.0.2.7:8001/v1")


def test_offline_forbids_another_machine_and_not_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    note(THERE, None)
    monkeypatch.setenv(OFFLINE_VARIABLE, "1")

    with pytest.raises(KnownError, match=f"{OFFLINE_VARIABLE}=1, which forbids it"):
        checked(THERE)
    with pytest.raises(KnownError, match="forbids it"):
        named(THERE, None)
    assert checked(HERE)[0].here


def test_the_key_comes_from_the_file_that_was_named(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-secret\n")
    note(THERE, file)
    note(HERE, None)

    assert (checked(THERE)[1], checked(HERE)[1]) == ("sk-secret", "")
    file.write_text("two words")
    with pytest.raises(KnownError, match="a key in one line"):
        checked(THERE)
    file.unlink()
    with pytest.raises(KnownError, match="expected a readable key"):
        checked(THERE)


@pytest.mark.parametrize(
    "url", ["", "ftp://a/v1", "http://", "http://u:p@127.0.0.1/v1", "http://a/v1?x=1", "http://["]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(KnownError, match="expected an address such as"):
        place(url)


def test_a_broken_list_is_told(config: Path) -> None:
    config.mkdir()
    (config / FILE).write_text("upstream = 3")

    with pytest.raises(KnownError, match="expected the list of servers that you named"):
        checked(HERE)


def test_an_address_is_told_from_a_name() -> None:
    assert is_address("HTTP://127.0.0.1/v1") and not is_address("qwen3-4b")
