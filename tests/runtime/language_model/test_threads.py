"""The number of threads follows from how many cores other processes leave."""

from __future__ import annotations

import os
from collections.abc import Iterator

import llama_cpp.llama_cpp as llama
import numpy as np
import pytest

from runtime.bundle.bundle import PACKAGED
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.threads import Load, Threads, look, physical_cores, threads_for

POCKET = PACKAGED / "pocket/llm.gguf"


def after(seconds: float, *, cores: int, others: float, own: float) -> tuple[Load, Load]:
    """Two looks with so many cores busy between them, by other processes and by this one."""
    return (
        Load(at=100.0, cores=cores, everybody=50.0, own=20.0),
        Load(
            at=100.0 + seconds,
            cores=cores,
            everybody=50.0 + seconds * (others + own),
            own=20.0 + seconds * own,
        ),
    )


@pytest.mark.parametrize(
    ("most", "cores", "others", "own", "expected"),
    [
        (2, 2, 0.0, 0.0, 2),  # an idle machine
        (2, 2, 0.0, 2.0, 2),  # only this process works
        (2, 2, 0.2, 1.6, 2),  # a little of something else
        (2, 2, 0.7, 1.3, 1),  # one other process, beside our two threads
        (2, 2, 1.0, 1.0, 1),
        (2, 2, 2.0, 0.0, 1),  # nothing is free: one thread still
        (8, 16, 2.0, 8.0, 8),  # hyper-threading's doubles take the others
        (8, 8, 1.0, 7.0, 7),
        (4, 8, 6.0, 2.0, 2),
        (1, 2, 0.0, 0.0, 1),
    ],
)
def test_every_core_that_others_leave_gets_a_thread(
    most: int, cores: int, others: float, own: float, expected: int
) -> None:
    assert threads_for(most, *after(4.0, cores=cores, others=others, own=own)) == expected


def test_clocks_that_disagree_a_little_cost_no_thread() -> None:
    # This process's own time is counted finer than that of the cores: others may come out below 0.
    assert threads_for(2, *after(1.0, cores=2, others=-0.1, own=1.0)) == 2


def test_a_choice_holds_until_there_is_enough_to_look_at() -> None:
    def looks() -> Iterator[Load]:
        yield Load(at=-1e6, cores=2, everybody=0.0, own=0.0)
        yield Load(at=1e12, cores=2, everybody=2e12, own=0.0)

    shown = looks()
    threads = Threads(2, lambda: next(shown))
    assert threads.choose() == 1  # the other process used both cores
    assert threads.choose() == 1  # the last look lies in the future: no third is taken


def test_a_look_counts_the_cores_that_this_process_may_use() -> None:
    first, second = look(), look()
    assert 1 <= first.cores <= (os.cpu_count() or 1)
    assert second.at >= first.at
    assert second.everybody >= first.everybody > 0
    assert second.own >= first.own > 0
    assert 1 <= physical_cores() <= first.cores


def test_a_language_model_uses_what_was_asked_for_or_what_is_free() -> None:
    with (
        LanguageModel(POCKET, n_ctx=128, n_threads=2) as fixed,
        LanguageModel(POCKET, n_ctx=128) as free,
    ):
        for model, possible in ((fixed, {2}), (free, set(range(1, physical_cores() + 1)))):
            model.prefill([TokenChunk(tuple(model.tokenize("a red boat")))])
            assert llama.llama_n_threads(model._session.context) in possible


def test_the_number_of_threads_changes_no_bit() -> None:
    with LanguageModel(POCKET, n_ctx=256, n_threads=1) as model:
        ids = model.tokenize("a red boat on the sea at night, and a black bird over the hills")
        found = []
        for count in (1, 2, 3):
            model._session.use_threads(count)
            model.prefill([TokenChunk((ids[0], ids[0]))])
            model.prefill([TokenChunk(tuple(ids))])
            found.append((model.logits(), model.states([TokenChunk(tuple(ids))])))
    for logits, states in found[1:]:
        assert np.array_equal(logits, found[0][0])
        assert np.array_equal(states, found[0][1])
