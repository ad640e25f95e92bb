"""Bundles are put together by links, as a whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from plugins.errors import Cancelled, KnownError
from runtime.bundle import proofs
from runtime.bundle.bundle import Bundle, BundleError, list_bundles
from runtime.bundle.links import note_of
from runtime.composition import compose as composing
from runtime.composition.compose import Composition, Progress, compose
from runtime.composition.decoder import pocket_decoder
from runtime.composition.manifest import About, Parts, composition
from runtime.composition.talker import chatml_talker
from tests.desktop.conftest import become_nobody

BIG = 1 << 30
"""Bytes of a file that takes a while to read."""


def small(file: Path, name: str = "mine") -> Composition:
    """A bundle of a language model alone."""
    return composition(Parts(chatml_talker(file, "Tiny")), About(name, "Mine"))


def left(data: Path) -> list[str]:
    """What lies beside the bundles."""
    known = {entry.name for entry in list_bundles()} | {composing.LOCKS}
    return [path.name for path in (data / "bundles").glob("*") if path.name not in known]


def names() -> list[str]:
    return [entry.name for entry in list_bundles() if entry.name != "pocket"]


def test_files_are_hard_links_and_the_bundle_opens_like_every_other(
    data: Path, own_gguf: Path
) -> None:
    folder = compose(small(own_gguf))

    assert folder == data / "bundles" / "mine"
    assert os.path.samefile(folder / "llm.gguf", own_gguf)
    assert not (folder / "llm.gguf").is_symlink()
    assert Bundle.open(folder, verify="hash").name == "mine"
    assert left(data) == []


def test_on_another_disk_they_are_symbolic_links_that_medley_knows_as_its_own(
    data: Path, own_gguf: Path, other_disk: Path
) -> None:
    file = other_disk / "there.gguf"
    file.write_bytes(own_gguf.read_bytes())

    folder = compose(small(file))

    assert (folder / "llm.gguf").is_symlink()
    assert Bundle.open(folder).path("llm.gguf").samefile(file)


def test_a_bundle_that_brings_the_same_link_from_elsewhere_is_refused(
    data: Path, own_gguf: Path, other_disk: Path
) -> None:
    file = other_disk / "there.gguf"
    file.write_bytes(own_gguf.read_bytes())
    folder = compose(small(file))
    foreign = folder.rename(folder.with_name("foreign"))

    with pytest.raises(BundleError, match=r"llm\.gguf is a link that leads out of the bundle"):
        Bundle.open(foreign)


def test_a_link_of_its_own_that_was_turned_elsewhere_is_refused(
    data: Path, own_gguf: Path, other_disk: Path
) -> None:
    file = other_disk / "there.gguf"
    file.write_bytes(own_gguf.read_bytes())
    folder = compose(small(file))
    (folder / "llm.gguf").unlink()
    (folder / "llm.gguf").symlink_to(own_gguf)

    with pytest.raises(BundleError, match="leads out"):
        Bundle.open(folder)


def test_copies_are_made_where_they_are_asked_for_and_nothing_else(
    data: Path, own_gguf: Path
) -> None:
    folder = compose(small(own_gguf), how="copy")

    assert not os.path.samefile(folder / "llm.gguf", own_gguf)
    own_gguf.unlink()
    Bundle.open(folder)


def test_it_tells_how_far_it_is_and_reads_each_file_once(
    data: Path, own_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = proofs.sha256

    def counting(path: Path, tell: proofs.Tell | None = None) -> str:
        read.append(path.name)
        return real(path, tell)

    monkeypatch.setattr(proofs, "sha256", counting)
    told: list[Progress] = []

    folder = compose(small(own_gguf), tell=told.append)
    Bundle.open(folder)
    chatml_talker(own_gguf, "")

    assert read == [own_gguf.name]
    assert told[0].done == 0
    assert told[-1] == Progress(own_gguf.stat().st_size, own_gguf.stat().st_size, "llm.gguf")
    assert [one.done for one in told] == sorted(one.done for one in told)


def test_a_second_bundle_of_the_same_file_reads_it_no_more_than_the_first(
    data: Path, own_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compose(small(own_gguf))
    monkeypatch.setattr(proofs, "sha256", lambda *_: pytest.fail("it was read again"))

    compose(small(own_gguf, "other"))
    Bundle.open(first)
    composing.remove("other")

    Bundle.open(first)


def test_a_name_that_is_taken_stays_what_it_was(data: Path, own_gguf: Path) -> None:
    folder = compose(small(own_gguf))
    before = (folder / "bundle.toml").read_bytes()

    with pytest.raises(KnownError, match="expected a name that is free"):
        compose(small(own_gguf))

    assert (folder / "bundle.toml").read_bytes() == before


def test_with_leave_it_takes_the_place_of_one_that_differs_alone(
    data: Path, own_gguf: Path
) -> None:
    folder = compose(small(own_gguf))
    before = folder.stat().st_ino
    assert compose(small(own_gguf), replace=True).stat().st_ino == before

    decoders = (pocket_decoder("image"),)
    parts = Parts(chatml_talker(own_gguf, "Tiny"), decoders)
    compose(composition(parts, About("mine", "Mine")), replace=True)

    assert Bundle.open(folder).modalities == ("text", "image")
    assert left(data) == []


@pytest.mark.parametrize("error", [Cancelled("stop"), KeyboardInterrupt()])
def test_stopping_it_leaves_nothing(data: Path, own_gguf: Path, error: BaseException) -> None:
    def stop(_: Progress) -> None:
        raise error

    with pytest.raises(type(error)):
        compose(small(own_gguf), tell=stop)

    assert names() == []
    assert left(data) == []
    assert note_of(data / "bundles" / "mine") is None


def test_a_file_that_goes_meanwhile_is_named(data: Path, own_gguf: Path) -> None:
    wanted = small(own_gguf)

    with pytest.raises(KnownError) as caught:
        compose(wanted, tell=lambda _: own_gguf.unlink(missing_ok=True))

    assert "Tiny-Chat-F16.gguf" in str(caught.value)
    assert names() == [] and left(data) == []


def test_a_file_that_was_gone_before_is_named(data: Path, own_gguf: Path) -> None:
    wanted = small(own_gguf)
    own_gguf.unlink()

    with pytest.raises(KnownError, match=r"expected the file .*F16\.gguf, found: No such"):
        compose(wanted)


@pytest.mark.parametrize("how", ["link", "copy"])
def test_a_file_that_is_written_meanwhile_is_refused(
    data: Path, own_gguf: Path, how: composing.How
) -> None:
    wanted = small(own_gguf)

    def write(_: Progress) -> None:
        with own_gguf.open("ab") as file:
            file.write(b"more")

    with pytest.raises(KnownError, match="expected a file that stays as it is"):
        compose(wanted, how=how, tell=write)

    assert names() == [] and left(data) == []


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, own_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = small(own_gguf)
    locked = tmp_path / "locked"
    locked.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(locked))
    for folder in (*reversed(tmp_path.parents[:3]), tmp_path):
        folder.chmod(folder.stat().st_mode | 0o055)
    locked.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        become_nobody()
    try:
        with pytest.raises(KnownError, match="expected a folder that can be written"):
            compose(wanted)
    finally:
        if root:
            os.seteuid(0)
        locked.chmod(0o755)


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(data: Path, own_gguf: Path) -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small file system")
    data.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(data)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this system mounts no small file system")
    try:
        with pytest.raises(KnownError, match="expected room for it on the disk"):
            compose(small(own_gguf), how="copy")
        assert names() == [] and left(data) == []
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)


def test_a_kill_in_the_middle_leaves_no_bundle_and_the_next_one_cleans_up(
    data: Path, own_gguf: Path, tmp_path: Path
) -> None:
    big = tmp_path / "own" / "big.gguf"
    big.write_bytes(own_gguf.read_bytes())
    os.truncate(big, BIG)
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.runtime.composition.test_compose import small\n"
        "from runtime.composition.compose import compose\n"
        "compose(small(Path(sys.argv[1])), how='copy', tell=lambda p: print(p.done, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(big)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            if int(line) > 1 << 20:
                process.send_signal(signal.SIGKILL)
                break
    assert process.wait() == -signal.SIGKILL

    assert names() == []
    assert [name.startswith(".mine~") for name in left(data)] == [True]
    compose(small(own_gguf))
    assert names() == ["mine"] and left(data) == []


def test_two_who_compose_the_same_name_do_not_get_in_each_others_way(
    data: Path, own_gguf: Path
) -> None:
    wanted = small(own_gguf)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            compose(wanted, replace=True)
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    Bundle.open(data / "bundles" / "mine")
    assert left(data) == []


def test_removing_it_leaves_the_persons_own_file(data: Path, own_gguf: Path) -> None:
    compose(small(own_gguf))

    composing.remove("mine")

    assert names() == [] and left(data) == []
    assert own_gguf.stat().st_nlink == 1
    assert note_of(data / "bundles" / "mine") is None
