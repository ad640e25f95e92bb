"""The command line, run in this process on the bundle of random weights."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from desktop.cli.main import main
from runtime.bundle.bundle import Bundle, read_manifest
from runtime.bundle.write import write_manifest


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def collected() -> Iterator[None]:
    """Nothing of Qt is left to be collected later: on another thread it would end the process."""
    yield
    gc.collect()


@pytest.fixture
def bundle_folder(tiny_bundle: Bundle) -> Path:
    """Where the tiny bundle lies. Copy it before changing anything in it."""
    return tiny_bundle.folder


@pytest.fixture(scope="session")
def endless_bundle(tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose answers end at their limit only, thousands of tokens later."""
    from tests import tiny_llama

    folder = tmp_path_factory.mktemp("bundles") / "endless"
    shutil.copytree(tiny_bundle.folder, folder)
    path = tiny_llama.ids("<assistant> a boat on the sea a")
    tiny_llama.write_gguf(tiny_llama.scripted_llama(path), folder / "llm.gguf")
    manifest = read_manifest(folder)
    model = msgspec.structs.replace(manifest.language_model, n_ctx=8192, max_new_tokens=6000)
    manifest = msgspec.structs.replace(manifest, name="endless", language_model=model, signals={})
    write_manifest(folder, manifest)
    return folder


@pytest.fixture
def medley(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `medley` with these words."""

    def run(*words: str | Path) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that this process may not write to, even when the tests run as root."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        if root:
            become_nobody()
        yield folder
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def become_nobody() -> None:
    """Take the rights of a user whom files of root do not belong to."""
    try:
        os.seteuid(65534)
    except OSError:
        pytest.skip("this is root of a user namespace that knows no other user")


def error_line(ran: Ran) -> str:
    """The one line that a refused command prints."""
    assert ran.code == 2, ran
    lines = ran.err.splitlines()
    assert len(lines) == 1, ran.err
    assert lines[0].startswith("medley: error: ")
    return lines[0]
