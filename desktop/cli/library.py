"""`medley library`: check, back up, export, import and search the library, and print what it
remembers. Knows no engine.

All but `import` only read, and work while a window has the library open.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_json
from desktop.cli.printing.output import shown
from desktop.cli.printing.terminal import printable
from desktop.file_names import local, slug
from desktop.modalities import noun
from plugins.errors import KnownError
from storage.atomic_files import kind_of
from storage.errors import LibraryError
from storage.exchange.foreign.importing import Taken
from storage.exchange.foreign.talk import Missing
from storage.library import Library, default_path
from storage.maintenance.health import CheckReport
from storage.maintenance.repair import repair
from storage.records import Conversation, Hit, Query, Titled

MOST_LISTED = 20
"""Conversations of an import that are named one by one."""
_LEFT_OUT: dict[Missing, str] = {
    "file": "files that are not in the export, or that Medley does not show",
    "hidden": "messages that the other program shows nobody",
    "part": "parts of messages of an unknown kind",
    "loop": "messages that follow themselves",
    "empty": "conversations without a message",
}
_MANY = 1_000_000


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley library`."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def action(name: str, text: str) -> Parser:
        one: Parser = actions.add_parser(name, help=text, description=text)
        one.add_argument("--library", type=Path, metavar="FILE", help="default: your own")
        return one

    check = action("check", "Read everything and say whether it is sound.")
    check.add_argument(
        "--repair", type=Path, metavar="NEW_FILE", help="save what can be read into a new file"
    )
    add_json(check)
    action("backup", "Copy the whole library into a new file.").add_argument("file", type=Path)
    export = action("export", "Write conversations as files to read, keep and import.")
    export.add_argument(
        "target", type=Path, help="a new folder, or a new file where the name ends in .zip"
    )
    export.add_argument(
        "--conversation", type=values.positive, metavar="N",
        help="its number in `medley library search` (default: all, each a zip file in TARGET)",
    )  # fmt: skip
    text = (
        "Add conversations that Medley, ChatGPT, Open WebUI, LM Studio or Jan exported, or all of "
        "another library's file."
    )
    action("import", text).add_argument(
        "source", type=Path, nargs="+", metavar="FILE", help="a zip file, a JSON file or a folder"
    )
    search = action("search", "List conversations, or messages with these words.")
    search.add_argument("words", nargs="*", help='parts of words; "several in this order"')
    search.add_argument(
        "--only",
        type=values.words,
        metavar="KINDS",
        help="with media of these kinds, as image,audio",
    )
    search.add_argument(
        "--limit", type=values.positive, default=20, metavar="N", help="default: 20"
    )
    add_json(search)
    memories = action("memories", "Print what is remembered of you, as Markdown.")
    add_json(memories)


def run(options: argparse.Namespace) -> int:
    """Do with the library what `options` say."""
    match options.action:
        case "check":
            return check_library(options.library, options.repair, options.json)
        case "backup":
            return back_up_library(options.library, options.file)
        case "export":
            return export_library(options.library, options.target, options.conversation)
        case "import":
            return import_into_library(options.library, options.source)
        case "memories":
            return print_memories(options.library, options.json)
    return search_library(
        options.library, " ".join(options.words), options.only or (), options.limit, options.json
    )


def check_library(path: Path | None, new_file: Path | None, as_json: bool) -> int:
    """Say whether the library is sound, or save what can be read of it into `new_file`.

    Raises:
        KnownError: it is not sound, or cannot be read at all.
    """
    if new_file is not None:
        return _repair(path, new_file)
    with _opened(path) as library:
        report = library.check()
        where = library.path
    if as_json:
        print(json.dumps({"library": str(where), "sound": report.sound, **_counts(report)}))
    for problem in () if as_json else report.problems:
        print(printable(f"WRONG  {problem}"))
    if not report.sound:
        raise KnownError(
            f"the library {shown(where)} is not sound: {report.problems[0]}. Save what can be read "
            "into a new file with `medley library check --repair NEW_FILE`."
        )
    if not as_json:
        print(
            f"{shown(where)} is sound: {report.conversations} conversations, {report.messages} "
            f"messages, {report.media} media of {report.bytes / 1e6:.1f} MB."
        )
    return 0


def back_up_library(path: Path | None, target: Path) -> int:
    """Copy the whole library into a new file.

    Raises:
        KnownError: the file is there already or cannot be written.
    """
    with _opened(path) as library:
        library.backup(_expanded(target))
    print(f"backup: {shown(target)}")
    return 0


def export_library(path: Path | None, target: Path, conversation_id: int | None) -> int:
    """Write one conversation, or each of them into a file of its own in the folder `target`.

    Raises:
        KnownError: no such conversation, or `target` does not serve.
    """
    target = _expanded(target)
    with _opened(path) as library:
        if conversation_id is not None:
            _say_exported(library.exchange.export(conversation_id, target))
            return 0
        if kind_of(target) not in ("nothing", "folder"):
            raise KnownError(f"{shown(target)} is a file; expected a folder. Name another one.")
        everything = library.conversations.list(limit=_MANY)
        if not everything:
            print("The library holds no conversation.")
        for conversation in everything:
            name = f"{slug(_name(conversation))}-{conversation.id}.zip"
            _say_exported(library.exchange.export(conversation.id, target / name))
    return 0


def import_into_library(path: Path | None, sources: Sequence[Path]) -> int:
    """Add the conversations in folders and files, whoever wrote them, and say what came.

    Raises:
        KnownError: what is there does not serve, or a window has the library open; what came from
            the files before it stays.
    """
    with _opened(path, read_only=False) as library:
        for source in sources:
            taken = library.exchange.import_file(_expanded(source), _say_looked_at)
            for made in taken.imported[:MOST_LISTED]:
                _print_conversation(library.conversations.get(made))
            if len(taken.imported) > MOST_LISTED:
                print(f"        and {len(taken.imported) - MOST_LISTED} more")
            print(printable(_summary(taken)), flush=True)
            for kind, count in taken.left_out:
                print(f"left out: {count} {_LEFT_OUT[kind]}")
            for reason in taken.refused:
                print(printable(f"left out: {reason}"))
    return 0


def search_library(
    path: Path | None, text: str, modalities: tuple[str, ...], limit: int, as_json: bool
) -> int:
    """Print the conversations with these words in their titles, then the newest hits; without words
    and narrowing, the newest conversations.

    Raises:
        KnownError: there is no library.
    """
    query = Query(text=text, modalities=modalities)
    with _opened(path) as library:
        if query == Query():
            found = library.conversations.list(limit=limit)
            if as_json:
                print(json.dumps({"conversations": [_described(c) for c in found]}))
            for conversation in () if as_json else found:
                _print_conversation(conversation)
            return 0
        titles = [] if modalities else library.search.titles(text, limit=limit)
        hits = library.search.newest(query, limit=limit)
    if as_json:
        named = [_described_title(title) for title in titles]
        print(json.dumps({"titles": named, "hits": [_described_hit(hit) for hit in hits]}))
        return 0
    if not hits and not titles:
        print("Nothing was found.")
    for title in titles:
        print(printable(f"{title.conversation_id:>6}  {title.title}"))
    for hit in hits:
        _print_hit(hit)
    return 0


def print_memories(path: Path | None, as_json: bool) -> int:
    """Print what is remembered of the person.

    Raises:
        KnownError: there is no library.
    """
    with _opened(path) as library:
        if as_json:
            found = [msgspec.to_builtins(memory) for memory in library.memories.all()]
            print(json.dumps({"memories": found}))
        else:
            for line in library.memories.export_markdown().splitlines():
                print(printable(line))
    return 0


def _repair(path: Path | None, new_file: Path) -> int:
    old, new_file = path or default_path(), _expanded(new_file)
    with _told():
        saved = repair(_expanded(old), new_file)
    print(
        f"saved into {shown(new_file)}: {saved.rows['conversations']} conversations, "
        f"{saved.rows['messages']} messages, {saved.rows['media'] - saved.lost_media} media; "
        f"{saved.lost_media} media were broken. {shown(old)} is as it was."
    )
    return 0


@contextmanager
def _opened(path: Path | None, *, read_only: bool = True) -> Iterator[Library]:
    with _told():
        where = None if path is None else _expanded(path)
        with Library.open(where, read_only=read_only) as library:
            yield library


@contextmanager
def _told() -> Iterator[None]:
    """What the library says goes to the person as it is."""
    try:
        yield
    except LibraryError as error:
        raise KnownError(printable(str(error))) from error


def _expanded(path: Path) -> Path:
    return local(path).absolute()


def _name(conversation: Conversation) -> str:
    return conversation.title or conversation.opening or "conversation"


def _summary(taken: Taken) -> str:
    media = f", {taken.media} media" if taken.media else ""
    return (
        f"{' and '.join(taken.programs)}: imported {len(taken.imported)} conversations, "
        f"{len(taken.messages)} messages{media}; {taken.skipped} were here already"
    )


def _say_looked_at(count: int) -> None:
    if count % 100 == 0 and sys.stderr is not None and sys.stderr.isatty():
        print(f"\r{count} conversations", end="\r", file=sys.stderr, flush=True)


def _say_exported(target: Path) -> None:
    print(f"exported: {shown(target)}", flush=True)


def _print_conversation(conversation: Conversation) -> None:
    print(printable(f"{conversation.id:>6}  {_name(conversation)}"))


def _print_hit(hit: Hit) -> None:
    media = "".join(f" [{noun(medium.modality)}]" for medium in hit.media)
    print(printable(f"{hit.conversation_id:>6}  {hit.title}"))
    print(printable(f"        {hit.role}: {hit.snippet}{media}"))


def _counts(report: CheckReport) -> dict[str, Any]:
    return {
        "problems": list(report.problems),
        "conversations": report.conversations,
        "messages": report.messages,
        "media": report.media,
        "bytes": report.bytes,
    }


def _described(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "title": _name(conversation),
        "created_ms": conversation.created_ms,
        "updated_ms": conversation.updated_ms,
        "messages": conversation.length,
    }


def _described_title(found: Titled) -> dict[str, Any]:
    return {
        "conversation": found.conversation_id,
        "title": found.title,
        "updated_ms": found.updated_ms,
        "spans": [list(span) for span in found.spans],
    }


def _described_hit(hit: Hit) -> dict[str, Any]:
    return {
        "conversation": hit.conversation_id,
        "title": hit.title,
        "message": hit.message_id,
        "role": hit.role,
        "created_ms": hit.created_ms,
        "snippet": hit.snippet,
        "spans": [list(span) for span in hit.spans],
        "media": [medium.sha256 for medium in hit.media],
    }
