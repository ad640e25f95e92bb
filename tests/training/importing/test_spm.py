"""SentencePiece's own file is read as far as a GGUF needs it."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest

from plugins.errors import KnownError
from tests.training.importing.checkpoints import WORDS, tokenizer_model
from training.importing.spm import read_pieces


def test_pieces_have_texts_scores_and_types(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.model").write_bytes(tokenizer_model(WORDS))
    pieces = read_pieces(tmp_path / "tokenizer.model")
    assert pieces.tokens == tuple(WORDS)
    assert pieces.types[:4] == (
        gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL, gguf.TokenType.BYTE,
    )  # fmt: skip
    assert pieces.types[-1] == gguf.TokenType.NORMAL
    assert pieces.scores[259:262] == (0.0, -1.0, -2.0)
    assert pieces.first(3).tokens == ("<unk>", "<s>", "</s>")


UNIGRAM, BLANKS_REMOVED = b"\x12\x02\x18\x01", b"\x1a\x02\x20\x01"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it has no pieces"),
        (b"\xff\xff\xff", "index out of range|cut short|type 7"),
        (tokenizer_model(WORDS)[:-3], "cut short|remove_extra|escape"),
        (tokenizer_model(WORDS) + UNIGRAM, "its model type is 1, not BPE"),
        (tokenizer_model(WORDS) + BLANKS_REMOVED, "remove_extra_whitespaces is 1, not 0"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "tokenizer.model").write_bytes(data)
    with pytest.raises(KnownError, match=said):
        read_pieces(tmp_path / "tokenizer.model")
