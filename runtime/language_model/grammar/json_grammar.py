"""Grammars for answers that are to be JSON. Knows JSON schemas and llama.cpp's grammars."""

from __future__ import annotations

from plugins.errors import KnownError

MOST_CHARACTERS = 100_000
"""Of a schema."""
_CHARACTERS = 'char ::= [^"\\\\] |'
_STRICT = 'char ::= [^"\\\\\\x7F\\x00-\\x1F] |'
"""JSON's strings hold no control characters as they are."""


def json_grammar(schema: str) -> str:
    """The grammar (GBNF) of texts that fit a JSON schema. Limits of numbers are not part of it.

    Raises:
        KnownError: it is no schema, or one that asks for what no grammar can say.
    """
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    if len(schema) > MOST_CHARACTERS:
        raise _unusable(f"{len(schema)} characters")
    try:
        grammar: str = json_schema_to_gbnf(schema)
    except Exception as error:  # Its faults are of every kind.
        raise _unusable(" ".join(str(error).split())[:200] or type(error).__name__) from error
    return grammar.replace(_CHARACTERS, _STRICT)


def _unusable(found: str) -> KnownError:
    return KnownError(
        "response format: expected a JSON schema that can be followed, found {found}. Simplify "
        "the schema.",
        "request",
        found=found,
    )
