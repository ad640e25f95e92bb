"""Fetches wheels as data with pip: pinned by hash, never installed, never imported.

pip knows the person's index, proxy and certificates. Several pips run side by side, each on some
wheels; what one of them finished is kept whatever happens to the others.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

from runtime.catalogue import store
from runtime.catalogue.errors import FetchError, UnreachableError
from runtime.catalogue.programs import Ended, Programs, bound
from runtime.catalogue.staging import Staging, no_room

SIDE_BY_SIDE = 2
"""pips at a time: one of them computes while the other waits."""
FIRST_TIMEOUT_S, TIMEOUT_S = 5, 15
"""Seconds that pip waits for a response: at first, and once something has been received."""
RETRIES = 1
"""Retries of one pip call; with 0 pip does not report that there is no connection."""
TRIES = 3

_NO_CONNECTION = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ConnectionRefused|ProxyError"
    r"|Name or service not known|Temporary failure in name resolution|Network is unreachable"
    r"|Connection refused|Max retries exceeded|Read timed out|ReadTimeoutError|Connection broken"
    r"|ConnectionResetError|Connection aborted|IncompleteRead|ProtocolError"
)
_OTHER_BYTES = re.compile(r"DO NOT MATCH THE HASHES|HashMismatch")
_DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded|File too large")
_ABSENT = re.compile(r"No matching distribution found|Could not find a version")


class Wheels:
    """Fetches the wheels of one model on threads of its own, and says when one is there.

    Threads: `wait_for` from one thread, while `running`.
    """

    def __init__(self, staging: Staging, names: Sequence[str]) -> None:
        """`names`: the wheels that are needed, in the order in which they are needed."""
        self._staging, self._programs = staging, Programs()
        self._wanted = [name for name in dict.fromkeys(names) if not staging.has_archive(name)]
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._stopped = False

    @property
    def bytes_needed(self) -> int:
        """Room that the wheels take."""
        return sum(self._staging.entry.archives[name].bytes for name in self._wanted)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Fetch while the block runs; what is under way at its end is ended."""
        # In turns, so that what is needed first comes first.
        batches = [self._wanted[start::SIDE_BY_SIDE] for start in range(SIDE_BY_SIDE)]
        with ThreadPoolExecutor(SIDE_BY_SIDE, "wheels") as pool:
            jobs = [pool.submit(self._fetch, batch) for batch in batches if batch]
            watcher = threading.Thread(target=self._watch, args=(jobs,), name="wheels-watcher")
            watcher.start()
            try:
                yield
            finally:
                self._stopped = True
                for job in jobs:
                    job.cancel()
                self._programs.stop()
                watcher.join()

    def wait_for(self, name: str) -> Path:
        """Wait for a wheel and return its path.

        Raises:
            FetchError: it could not be had.
        """
        with self._changed:
            while not self._staging.has_archive(name):
                if self._error is not None:
                    raise self._error
                self._changed.wait()
        return self._staging.archives / name

    def _watch(self, jobs: Sequence[Future[None]]) -> None:
        """Tell who waits about the first failure."""
        done, _ = wait(jobs, return_when=FIRST_EXCEPTION)
        for job in done:
            if not job.cancelled() and (error := job.exception()) is not None:
                self._fail(error)
                return

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._error = self._error or error
            self._changed.notify_all()

    def _fetch(self, batch: Sequence[str]) -> None:
        """One batch, tried again where the connection broke after something had come."""
        for attempt in range(1, TRIES + 1):
            left = [name for name in batch if not self._staging.has_archive(name)]
            if not left:
                return
            try:
                self._run_pip(left, FIRST_TIMEOUT_S if attempt == 1 else TIMEOUT_S)
            except UnreachableError:
                came = any(self._staging.archives.iterdir())
                if attempt == TRIES or self._stopped or not came:
                    raise
                time.sleep(attempt)

    def _run_pip(self, names: Sequence[str], timeout_s: int) -> None:
        """Have one pip download these; each is taken as soon as it is whole.

        pip keeps what it downloads in its temporary folder and copies it at its end; it is ended
        before that, so that nothing lies on the disk twice.
        """
        scratch = self._staging.new_scratch()
        pins = scratch / "pins.txt"
        pins.write_text("".join(map(self._pin, names)), "utf-8")
        words = [
            "pip", "download", "--requirement", str(pins), "--dest", str(scratch / "out"),
            "--no-deps", "--require-hashes", "--only-binary", ":all:", "--ignore-requires-python",
            "--no-cache-dir", "--no-input", "--disable-pip-version-check", "--quiet",
            "--progress-bar", "off", "--retries", str(RETRIES), "--timeout", str(timeout_s),
        ]  # fmt: skip
        environment = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch)}
        ended = self._programs.run(
            bound(words), environment, lambda: self._take_all(scratch, names)
        )
        if not self._take_all(scratch, names) and not self._stopped:
            missing = next(name for name in names if not self._staging.has_archive(name))
            raise self._why(missing, ended)
        shutil.rmtree(scratch, ignore_errors=True)

    def _take_all(self, scratch: Path, names: Sequence[str]) -> bool:
        """Take the wheels that have come whole; whether all are here."""
        left = {name for name in names if not self._staging.has_archive(name)}
        for path in store.files_under(scratch):
            if path.name in left and self._staging.keep_archive(path):
                left.discard(path.name)
                with self._changed:
                    self._changed.notify_all()
        return not left

    def _pin(self, wheel: str) -> str:
        name, version = wheel.split("-")[:2]
        return f"{name}=={version} --hash=sha256:{self._staging.entry.archives[wheel].sha256}\n"

    def _why(self, wheel: str, ended: Ended) -> FetchError:
        """The sentence for a pip that did not bring a wheel."""
        if _DISK_FULL.search(ended.said):
            return no_room(self._staging.entry.name, self.bytes_needed, 0)
        if _OTHER_BYTES.search(ended.said):
            return FetchError(
                "bytes",
                "{wheel}: expected the package with the catalogue's SHA-256, found other "
                "bytes on the package index. Nothing of it was kept; tell Medley's authors.",
                wheel=wheel,
            )
        if _NO_CONNECTION.search(ended.said):
            return UnreachableError(
                "expected an answer from the Python package index, found no connection. Connect "
                "to the internet, or set PIP_INDEX_URL to an index that can be reached, then "
                "fetch it again."
            )
        if _ABSENT.search(ended.said):
            return FetchError(
                "absent",
                "{wheel}: expected it on the package index, found that it is not there. Tell "
                "Medley's authors.",
                wheel=wheel,
            )
        if "No module named pip" in ended.said:
            return FetchError(
                "tool",
                "expected pip in Medley's environment, found none. Type `python -m ensurepip` "
                "there, then fetch it again.",
            )
        last = (ended.said.strip().splitlines() or ["nothing"])[-1][:300]
        return FetchError(
            "tool",
            "{wheel}: expected pip to download it, found exit code {code} and the words: "
            "{last}. Fetch it again.",
            wheel=wheel,
            code=ended.code,
            last=last,
        )
