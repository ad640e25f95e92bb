"""Answers that are JSON by a schema, at any temperature, from a model that knows nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from plugins.errors import KnownError
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.grammar.json_grammar import json_grammar
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions, Finished, TextPiece
from tests import tiny_llama
from tests.tiny_llama import ids

pytestmark = pytest.mark.usefixtures("one_thread")
SCHEMA = {
    "type": "object",
    "properties": {
        "colour": {"enum": ["red", "blue"]},
        "sizes": {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 3},
    },
    "required": ["colour", "sizes"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageModel]:
    """Random weights: what it writes of its own accord is no JSON."""
    path = tmp_path_factory.mktemp("random") / "t.gguf"
    tiny_llama.write_gguf(tiny_llama.random_llama(), path)
    with LanguageModel(path, n_ctx=512, n_threads=1) as opened:
        yield opened


def answer(model: LanguageModel, grammar: str, temperature: float, seed: int = 0) -> str:
    """What it writes."""
    model.prefill([TokenChunk(tuple(ids("<s><user>now<assistant>")))])
    options = AnswerOptions(
        max_new_tokens=200, temperature=temperature, top_p=0.9, seed=seed, grammar=grammar
    )
    events = list(model.generate(options))
    assert isinstance(events[-1], Finished) and events[-1].reason == "end"
    return "".join(event.text for event in events if isinstance(event, TextPiece))


@pytest.mark.parametrize("temperature", [0.0, 0.7, 2.0])
def test_every_answer_fits_the_schema(model: LanguageModel, temperature: float) -> None:
    grammar = json_grammar(json.dumps(SCHEMA))

    for seed in range(4):
        found = json.loads(answer(model, grammar, temperature, seed))
        assert found.keys() == {"colour", "sizes"}
        assert found["colour"] in ("red", "blue")
        assert 2 <= len(found["sizes"]) <= 3


def test_the_same_seed_writes_the_same(model: LanguageModel) -> None:
    grammar = json_grammar(json.dumps(SCHEMA))

    assert answer(model, grammar, 1.0, 5) == answer(model, grammar, 1.0, 5)


def test_strings_hold_no_control_characters() -> None:
    assert r'char ::= [^"\\\x7F\x00-\x1F]' in json_grammar('{"type": "string"}')


@pytest.mark.parametrize(
    "schema",
    ['{"type": "wat"}', '{"$ref": "https://example.org/x"}', '{"$ref": "#/none"}', "true", "{", ""],
)
def test_what_is_no_schema_is_refused(schema: str) -> None:
    with pytest.raises(KnownError, match="Simplify"):
        json_grammar(schema)
    with pytest.raises(KnownError, match="characters"):
        json_grammar(" " * 200_000)
