"""The library: finding among many messages, opening a long conversation, saving, a long clip.

Every number stands beside what the bare tool does with the same data in the same process: SQLite's
own LIKE, one SELECT, a copied file. The library is made anew in a temporary folder.

    python -m benchmarks.library [--messages N] [--answer-s S] [--clip-mb N] [--folder DIR]
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from storage.clock import now_ms
from storage.file.database import Write
from storage.library import Library
from storage.records import Attachment, Query, Text

HITS = 30
CONVERSATION = 10_000
MEDIA = 1_000
REPEATS = 7
GOAL_SHARE = 0.02
_AT_ONCE = 5_000
_HANZI = "红色的小船在海上夜里下雨钟声鸟狗车球雪地草沙滩日落"


def main() -> None:
    """Print one line for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--answer-s", type=float, default=20.0)
    parser.add_argument("--clip-mb", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where the library is made; default: temporary")
    parser.add_argument("--clip-here", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.clip_here is not None:
        clip_here(args.clip_here)
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        saving(folder / "saving.db", args.answer_s)
        clip(folder, args.clip_mb)
        conversation(folder / "conversation.db")
        search(folder / "search.db", args.messages)


def search(path: Path, messages: int) -> None:
    """Seconds to the first page of hits, and how many times longer a plain LIKE takes."""
    with Library.open(path) as library:
        data = os.urandom(2_000)
        picture = library.media.add_bytes(data, mime="image/png", modality="image").sha256
        oldest = library.conversations.new().id
        library.messages.add(oldest, [Text("the oldest"), Attachment(picture)])
        begin = time.perf_counter()
        many_messages(library, messages)
        made = time.perf_counter() - begin
        size = path.stat().st_size
        print(
            f"search among {messages:,} messages ({size / 1e6:.0f} MB; "
            f"{messages / made:,.0f} indexed/s), first {HITS} hits, newest first:"
        )
        for words in QUERIES:
            query = Query(text=words)
            found = _select(library, "SELECT count(*) FROM parts WHERE text LIKE ?", _like(words))
            ours = median(partial(library.search.newest, query, limit=HITS))
            bare = median(partial(like, library, words))
            best = median(partial(library.search.ranked, query, limit=HITS), repeats=1)
            print(
                f"  {words} (in {found[0][0]:,}): {ours * 1e3:.1f} ms, LIKE / ours = "
                f"{bare / ours:.1f}; ranked {best * 1e3:.1f} ms"
            )
        rare = Query(text="the", modalities=("image",))
        hits = library.search.newest(rare, limit=HITS)
        narrow = median(partial(library.search.newest, rare, limit=HITS))
        print(f"  the, with pictures ({len(hits)} hits): {narrow * 1e3:.1f} ms")


QUERIES = ("the", "w31", "rare", "lighthouse", "zeppelin", '"the rare boat"', "红色小船", "灯塔")
"""From a word of nearly every message to one of a single message, the oldest, and one of none."""


def many_messages(library: Library, count: int) -> None:
    """Messages of some 20 words by Zipf's law, every tenth in Chinese, in conversations of 200."""
    numbers = random.Random(0)
    vocabulary = ["the", "a", *(f"w{i} and" for i in range(2, 5_000))]
    weights = [1 / (rank + 2) for rank in range(len(vocabulary))]

    def text(number: int) -> str:
        if number == 0:
            return "a lighthouse 灯塔 at the sea"
        if number % 10 == 0:
            return "".join(numbers.choices(_HANZI, k=24))
        words = numbers.choices(vocabulary, weights, k=20)
        if numbers.random() < 1e-4:
            words[7] = "the rare boat"
        return " ".join(words)

    for begin in range(0, count, _AT_ONCE):
        with library._database.write() as write:
            for number in range(begin, min(begin + _AT_ONCE, count)):
                if number % 200 == 0:
                    conversation = _new_conversation(write)
                    parent = None
                parent = _add(write, conversation, parent, number % 200, text(number))


def conversation(path: Path) -> None:
    """Milliseconds until the last page, and until all messages of a long conversation are there."""
    with Library.open(path) as library:
        media = [
            library.media.add_bytes(
                os.urandom(2_000), mime="image/png", modality="image", width=64, height=64
            ).sha256
            for _ in range(MEDIA)
        ]
        id_ = library.conversations.new("long").id
        every = CONVERSATION // MEDIA
        for number in range(CONVERSATION):
            more = [Attachment(media[number // every])] if number % every == 0 else []
            if more:
                library.messages.add(id_, [Text(f"message {number} " + "words " * 30), *more])
            else:
                with library._database.write("normal") as write:
                    leaf = write.run("SELECT leaf_id FROM conversations").fetchone()[0]
                    _add(write, id_, leaf, number, f"message {number} " + "words " * 30)
        assert len(library.messages.path(id_)) == CONVERSATION
        page = median(lambda: library.messages.path(id_, limit=50))
        whole = median(lambda: library.messages.path(id_))
        bare = median(lambda: _select(library, "SELECT * FROM parts ORDER BY id"))
        listed = median(lambda: library.conversations.list())
    print(
        f"conversation of {CONVERSATION:,} messages with {MEDIA:,} media: last 50 messages "
        f"{page * 1e3:.1f} ms, all {whole * 1e3:.0f} ms = {whole / bare:.1f} x one bare SELECT of "
        f"its parts; sidebar {listed * 1e3:.2f} ms"
    )


def saving(path: Path, seconds: float) -> None:
    """The share of a streamed answer's time that saving takes, at 40 deltas per second."""
    with Library.open(path) as library:
        asked = library.messages.add(library.conversations.new().id, [Text("draw")]).id
        answer = library.messages.begin_answer(asked)
        spent, picture = 0.0, os.urandom(100_000)

        def timed(step: Callable[[], object]) -> None:
            nonlocal spent
            begin = time.perf_counter()
            step()
            spent += time.perf_counter() - begin

        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            timed(lambda: answer.text("several words "))
            time.sleep(1 / 40)
        timed(lambda: answer.begin_artifact(0, "image"))
        timed(lambda: answer.artifact(0, picture, mime="image/png", modality="image", recipe="{}"))
        timed(answer.finish)
        whole = time.perf_counter() - start
    print(
        f"saving a streamed answer: {spent / whole:.2%} of its {whole:.1f} s (goal < "
        f"{GOAL_SHARE:.0%}), {spent * 1e3:.0f} ms in all"
    )


def clip(folder: Path, megabytes: int) -> None:
    """The time of adding and reading a long clip relative to copying it, and the memory."""
    source = folder / "clip.mp4"
    with source.open("wb") as file:
        for number in range(megabytes):
            file.write(random.Random(number).randbytes(1_000_000))
    command = [sys.executable, "-m", "benchmarks.library", "--clip-here", str(source)]
    subprocess.run(command, check=True)


def clip_here(source: Path) -> None:
    """Measure in this fresh process, whose memory nobody else used."""
    copy = source.with_name("copy.mp4")
    with Library.open(source.with_name("clip.db")) as library:
        warm = library.media.add_bytes(b"x" * (8 << 20), mime="video/mp4", modality="video").sha256
        library.media.copy_to(warm, copy)
        before = peak_bytes()
        begin = time.perf_counter()
        sha = library.media.add_file(source, mime="video/mp4", modality="video").sha256
        added = time.perf_counter()
        library.media.copy_to(sha, copy)
        read = time.perf_counter()
        grown = peak_bytes() - before
        copied = _copied(source, copy)
    size = source.stat().st_size
    print(
        f"clip of {size / 1e6:.0f} MB: added in {added - begin:.1f} s = "
        f"{(added - begin) / copied:.1f} x copying the file, read in {read - added:.1f} s = "
        f"{(read - added) / copied:.1f} x; "
        f"peak memory {peak_bytes() / 1e6:.0f} MB, {grown / 1e6:.1f} MB of it for the clip"
    )


def _copied(source: Path, target: Path) -> float:
    begin = time.perf_counter()
    with source.open("rb") as read, target.open("wb") as write:
        shutil.copyfileobj(read, write)
        write.flush()
        os.fsync(write.fileno())
    return time.perf_counter() - begin


def like(library: Library, words: str) -> object:
    """The newest hits by SQLite's own LIKE."""
    sql = "SELECT id, text FROM parts WHERE text LIKE ? ORDER BY id DESC LIMIT ?"
    return _select(library, sql, _like(words), HITS)


def _like(words: str) -> str:
    bare = words.strip('"')
    return f"%{bare}%"


def median(step: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds of the middle one of some runs."""
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def peak_bytes() -> int:
    """Largest resident size of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _select(library: Library, sql: str, *values: object) -> list[tuple[int, ...]]:
    with library._database.read() as connection:
        return connection.execute(sql, values).fetchall()


def _new_conversation(write: Write) -> int:
    return write.insert(
        "INSERT INTO conversations (uuid, created_ms, updated_ms) "
        "VALUES (lower(hex(randomblob(16))), ?, ?)",
        (now_ms(), now_ms()),
    )


def _add(write: Write, conversation: int, parent: int | None, depth: int, text: str) -> int:
    """One message with words, by the shortest way."""
    id_ = write.insert(
        "INSERT INTO messages (conversation_id, parent_id, depth, role, state, created_ms) "
        "VALUES (?, ?, ?, ?, 'complete', ?)",
        (conversation, parent, depth, "assistant" if depth % 2 else "user", now_ms()),
    )
    write.run(
        "INSERT INTO parts (message_id, position, kind, text, searchable) "
        "VALUES (?, 0, 'text', ?, 1)",
        (id_, text),
    )
    write.run("UPDATE messages SET chosen_id = ? WHERE id = ?", (id_, parent))
    write.run("UPDATE conversations SET leaf_id = ? WHERE id = ?", (id_, conversation))
    return id_


if __name__ == "__main__":
    main()
