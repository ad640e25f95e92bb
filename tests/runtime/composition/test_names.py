"""A name is one that can be a folder's everywhere, means nothing else, and is free."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.composition.compose import compose
from runtime.composition.names import checked, suggested
from tests.runtime.composition.test_compose import small


@pytest.mark.parametrize("name", ["qwen3-4b", "A", "my.model_2", "x" * 64])
def test_plain_names_are_taken_as_they_are(data: Path, name: str) -> None:
    assert checked(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../up", "a/b", "a\\b", "/etc", "-x", ".hidden", "a b", "naïve", "x" * 65,
        "con", "NUL", "com1.gguf", "a\n", "a\0b", "~",
    ],
)  # fmt: skip
def test_names_that_no_folder_should_have_are_refused(data: Path, name: str) -> None:
    with pytest.raises(KnownError, match="expected 1 to 64 letters"):
        checked(name)


@pytest.mark.parametrize("name", ["starter", "pocket", "auto", "none", "Starter", "whisper-base"])
def test_names_that_mean_something_else_are_refused(data: Path, name: str) -> None:
    with pytest.raises(KnownError, match="expected one of your own"):
        checked(name)


def test_a_name_that_is_taken_is_refused_and_the_next_one_suggested(
    data: Path, own_gguf: Path
) -> None:
    compose(small(own_gguf, "mine"))

    with pytest.raises(KnownError, match="expected one that is free"):
        checked("Mine")
    assert suggested("Mine") == "mine-2"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Qwen3-4B Q4_K_M", "qwen3-4b-q4_k_m"),
        ("qwen2.5:0.5b", "qwen2.5-0.5b"),
        ("模型", "model"),
        ("starter", "my-starter"),
        ("NUL", "my-nul"),
        ("--..--", "model"),
        ("x" * 200, "x" * 64),
    ],
)
def test_a_suggested_name_can_be_used(data: Path, text: str, name: str) -> None:
    assert suggested(text) == name
    assert checked(name) == name
