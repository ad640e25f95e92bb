"""Tries an mmproj file in a process of its own, once, before the engine's process opens it.

llama.cpp ends the whole process on most files that are not what it expects, and not all of that can
be told from a file's head. So a process that holds nothing opens the file with the language model's
vocabulary and encodes a small picture and a short sound; what it does not survive is refused. That
a pair of files was tried with success is kept in the user's cache folder.

`python -m runtime.components.mmproj_trial MMPROJ MODEL` is that process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec
import platformdirs

from plugins.errors import KnownError, Problem
from runtime.process.own_program import process_command
from runtime.process.parent_death import die_before_parent, die_with_parent

LIMIT_S: Final = 600.0
"""Seconds that a trial may take: the largest encoders need tens of them on a slow processor."""
_REFUSED: Final = 3
_SPARE_BYTES: Final = 16 << 30
"""Memory that a trial may take besides three times its files: a broken file may ask for any."""


def try_mmproj(mmproj: Path, model: Path, digests: Sequence[str], limit_s: float = LIMIT_S) -> None:
    """Try an mmproj with its language model, unless this pair was tried before.

    Args:
        mmproj: its path; it must have passed `check_mmproj`.
        model: the path of the language model.
        digests: SHA-256 of both files.
        limit_s: seconds that it may take.

    Raises:
        KnownError: llama.cpp refuses it, does not survive it, or does not come to an end.
    """
    proof = _proof(digests)
    if proof.is_file():
        return
    try:
        done = subprocess.run(
            [*_command(), str(mmproj), str(model)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            env={**os.environ, "GGML_NO_BACKTRACE": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise _failure(mmproj, f"not done after {limit_s:g} s") from error
    except OSError as error:
        raise _failure(mmproj, f"its process cannot be started: {error.strerror}") from error
    if done.returncode == _REFUSED:
        with contextlib.suppress(msgspec.MsgspecError):
            raise KnownError(msgspec.json.decode(done.stdout, type=Problem))
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        said = next(filter(str.strip, lines), f"exit code {done.returncode}")
        raise _failure(mmproj, re.sub(r"\S*/", "", said))
    with contextlib.suppress(OSError):
        proof.parent.mkdir(parents=True, exist_ok=True)
        proof.touch()


def _failure(mmproj: Path, said: str) -> KnownError:
    return KnownError(
        "expected an mmproj that llama.cpp can use in {path}, found one that it does not survive "
        "({said}): get the one that was published with the model",
        "bundle",
        path=mmproj.name,
        said=" ".join(said.split())[:200],
    )


def _proof(digests: Sequence[str]) -> Path:
    """The file that says that these were tried with this llama.cpp."""
    named = "\n".join((version("llama-cpp-python"), *digests))
    folder = Path(platformdirs.user_cache_dir("medley", appauthor=False)) / "tried-mmproj"
    return folder / hashlib.sha256(named.encode()).hexdigest()


def _command() -> list[str]:
    return process_command("runtime.components.mmproj_trial")


def main(words: Sequence[str]) -> int:
    """Be the process that tries; returns its exit code."""
    die_with_parent()
    die_before_parent()
    mmproj, model = map(Path, words)
    _bound_memory(3 * (mmproj.stat().st_size + model.stat().st_size) + _SPARE_BYTES)
    from runtime.language_model.mmproj.mtmd import MediaModel
    from runtime.language_model.mmproj.vocabulary import Vocabulary
    from runtime.language_model.threads import physical_cores

    try:
        with (
            closing(Vocabulary(model)) as vocabulary,
            closing(MediaModel(mmproj, vocabulary, n_threads=physical_cores())) as opened,
        ):
            opened.rehearse()
    except KnownError as error:
        sys.stdout.buffer.write(msgspec.json.encode(error.problem))
        return _REFUSED
    return 0


def _bound_memory(limit: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
