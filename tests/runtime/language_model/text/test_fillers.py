"""A filler between the tokens of a signal is no token of the signal's own."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest

from plugins.errors import KnownError
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import AnswerOptions, SignalRun
from runtime.language_model.text.fillers import alone
from runtime.language_model.token_embeddings import read_token_embeddings
from tests.spm_vocabulary import write_spm_model


def test_ids_that_come_once_are_the_signals_own() -> None:
    assert alone((7, 5, 8, 5, 9)) == {7, 8, 9}
    assert alone(()) == frozenset()


def test_a_signal_with_fillers_runs_and_its_filler_may_stand_in_words(tmp_path: Path) -> None:
    path = write_spm_model(tmp_path / "spm.gguf", ["<a>", "<b>", "<c>"], gguf.TokenType.CONTROL)
    with LanguageModel(path, n_ctx=64, n_threads=1) as model:
        first, filler = model.n_vocab - 3, model.tokenize("the")[0]
        signal = (first, filler, first + 1, filler, first + 2)
        model.prefill([TokenChunk((model.bos or 0,))])
        options = AnswerOptions(
            max_new_tokens=0, signals={"image": signal}, require=("image",), text_allowed=False
        )
        (run,) = [event for event in model.generate(options) if isinstance(event, SignalRun)]
        assert run.token_ids == signal
        assert run.hidden.shape == (5, model.d_model)
    assert read_token_embeddings(path, signal, d_model=32).shape == (5, 32)
    with pytest.raises(KnownError, match="type CONTROL"):
        read_token_embeddings(path, signal[:2], d_model=32)
