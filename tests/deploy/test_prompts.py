"""A batch's lines are read, answered and kept; what is done is not done again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deploy.prompts import File, Outcome, Output, Prompt, answered, read
from plugins.errors import KnownError
from runtime.opening import EngineOptions, open_engine


def test_each_line_has_an_id_and_a_seed(tmp_path: Path) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text('{"prompt": "a"}\n\n{"prompt": "b", "id": "boat", "seed": 9}\n')

    assert read(path) == [Prompt("a", "1", seed=1), Prompt("b", "boat", seed=9)]


@pytest.mark.parametrize(
    "line",
    ["no JSON", '{"prompt": 3}', '{"id": "a"}', '{"prompt": "a", "id": "../x"}',
     '{"prompt": "a", "kind": 1}', '{"prompt": "a", "id": "same"}'],
)  # fmt: skip
def test_a_line_that_is_no_prompt_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text(f'{{"prompt": "a", "id": "same"}}\n{line}\n')

    with pytest.raises(KnownError, match=r"line 2: expected a prompt as JSON"):
        read(path)
    with pytest.raises(KnownError, match="expected a readable file"):
        read(tmp_path / "gone")


def test_an_outcome_is_kept_with_its_files_and_not_asked_again(tmp_path: Path) -> None:
    output = Output(tmp_path / "out")
    made = File("image", "boat-1.png", "image/png", 7, "a boat", b"\x89PNG")

    output.add(Outcome("boat", "There.", (made,)))
    output.add(Outcome("car", error="no."))
    with (tmp_path / "out/outcomes.jsonl").open("a") as file:
        file.write('{"id": "cut"')

    assert output.done() == {"boat"}
    assert (tmp_path / "out/boat-1.png").read_bytes() == b"\x89PNG"
    first = (tmp_path / "out/outcomes.jsonl").read_text().splitlines()[0]
    assert json.loads(first) == {
        "id": "boat",
        "text": "There.",
        "files": [
            {
                "modality": "image",
                "name": "boat-1.png",
                "mime": "image/png",
                "seed": 7,
                "caption": "a boat",
            }
        ],
    }


def test_prompts_are_answered_or_refused_in_a_sentence() -> None:
    with open_engine(EngineOptions("pocket", "cpu", threads=1)) as engine:
        steps: dict[str, dict[str, int | float | bool | str]] = {"image": {"steps": 1}}
        boat = Prompt("draw a red boat", "boat", ("image",), seed=1, parameters=steps)

        made = answered(engine, boat)
        refused = answered(engine, Prompt("hello", "smell", ("smell",), seed=1))

    (file,) = made.files
    assert (made.error, file.name, file.data[:4]) == ("", "boat-1.png", b"\x89PNG")
    assert refused.error.startswith("allowed modalities: expected some of text")
