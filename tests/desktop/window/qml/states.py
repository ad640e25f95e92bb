"""The states in which the window is looked at: what `medley` holds in each. Data only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.desktop.window.qml.world import Blocks, blocks, put, rows, world

PICTURE = "image://medley/any"
SENTENCE = "expected a picture, a sound or a clip, found a text. Attach another file."


def block(kind: str, text: str = "", **more: Any) -> dict[str, Any]:
    """One block of a message."""
    return {"kind": kind, "text": text, "plain": text, **more}


def medium(modality: str, made: bool = True) -> dict[str, Any]:
    """A picture, a sound or a clip."""
    return block(
        "media", modality=modality, mediaId=modality * 8, source=PICTURE, width=256, height=192,
        duration=0.0 if modality == "image" else 2.0, bytes=84213.0, made=made,
        artifactIndex=0 if made else -1, name="lake.jpg",
    )  # fmt: skip


def fill_transcript(medley: Any, *messages: Mapping[str, Any]) -> None:
    """Show messages; each has `blocks` and whatever differs from a complete answer."""
    transcript = medley.values["transcript"]
    given = []
    for at, message in enumerate(messages):
        model = message["blocks"]
        if not isinstance(model, Blocks):
            model = blocks(*model)
            model.setParent(transcript)
        given.append(
            {"messageId": f"m{at}", "last": at == len(messages) - 1, **message, "blocks": model}
        )
    rows(
        transcript, given, role="assistant", status="complete", loaded=True, estimatedHeight=120,
        plain="words", branchIndex=0, branchCount=1, time=0.0,
    )  # fmt: skip
    put(transcript, empty=not messages, conversationId="7")


def fill_sidebar(medley: Any, **same: Any) -> None:
    """Conversations of several days."""
    days = ("pinned", "today", "today", "yesterday", "2026-11-18", "2025-12-30")
    conversations = [
        {"conversationId": str(at), "title": f"Conversation {at}" if at else "", "day": day,
         "pinned": day == "pinned", "busy": at == 2}
        for at, day in enumerate(days)
    ]  # fmt: skip
    model = medley.values["conversations"]
    rows(
        model, conversations,
        **{"snippet": "", "thumbnail": "", "time": 0.0, "hit": "", "hitMessageId": "", **same},
    )  # fmt: skip
    put(model, current="1", currentTitle="Conversation 1")


def first_start() -> Any:
    """Nothing has been asked yet."""
    medley = world()
    put(medley, firstStart=True)
    return medley


def empty() -> Any:
    """A new conversation."""
    medley = world()
    fill_sidebar(medley)
    return medley


def talking() -> Any:
    """Words, code, a picture, a sound and a clip; versions of a message."""
    medley = empty()
    fill_transcript(
        medley,
        {"role": "user", "blocks": [medium("image", made=False), block("text", "<p>And now?</p>")],
         "branchCount": 3, "branchIndex": 1},
        {"blocks": [
            block("text", '<p>See <a href="https://example.org">this</a>:</p>'),
            block("code", "<pre>print(1)</pre>", language="python"),
            medium("image"), medium("audio"), medium("video"), block("note", "dropped", number=2),
        ], "branchCount": 2},
    )  # fmt: skip
    return medley


def answering() -> Any:
    """Words have come, a picture is being painted, a sound has not begun."""
    medley = empty()
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Draw a boat</p>")]},
        {"status": "streaming", "blocks": [
            block("text", "<p>Here it is</p>"),
            block("rendering", modality="image", artifactIndex=0, step=6, of=16, eta=4.0,
                  preview=PICTURE),
            block("rendering", modality="audio", artifactIndex=1),
        ]},
    )  # fmt: skip
    put(medley.values["composer"], busy=True)
    put(medley.values["engine"], state="busy")
    return medley


def waiting() -> Any:
    """The first question, while the model is loaded."""
    medley = empty()
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Draw a boat</p>")]},
        {"status": "waiting", "blocks": []},
        {"loaded": False, "blocks": []},
    )
    put(medley.values["composer"], busy=True)
    put(medley.values["engine"], state="loading", progress=0.4, loading="encoder")
    return medley


def down() -> Any:
    """The engine ended in the middle of an answer."""
    medley = empty()
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Draw a boat</p>")]},
        {"status": "failed", "blocks": [
            block("error", "The engine ended: out of memory.", action=action, modality=modality)
            for action, modality in (("engine", ""), ("bundle", "image"), ("settings", ""))
        ] + [block("note", "interrupted", action="retry")]},
    )  # fmt: skip
    put(medley.values["engine"], state="down", reason="Out of memory. Close other programs.")
    return medley


def searching() -> Any:
    """Hits in words and in media."""
    medley = talking()
    put(medley.values["conversations"], query="frog")
    fill_sidebar(medley, hit="a green <b>frog</b>", hitMessageId="m1", thumbnail=PICTURE)
    rows(
        medley.values["mediaHits"],
        [{"mediaId": kind, "modality": kind, "thumbnail": "" if kind == "audio" else PICTURE}
         for kind in ("image", "audio", "video")],
        conversationId="1", messageId="m1", caption="a frog",
    )  # fmt: skip
    return medley


def writing() -> Any:
    """Words and files that wait to be sent, and what the program has to say."""
    medley = talking()
    composer = medley.values["composer"]
    rows(
        composer.values["attachments"],
        [{"key": "1", "name": "lake.jpg", "modality": "image", "thumbnail": PICTURE},
         {"key": "2", "name": "bell.wav", "modality": "audio", "duration": 2.0},
         {"key": "3", "name": "notes.txt", "modality": "", "problem": SENTENCE}],
        thumbnail="", bytes=81e4, duration=0.0, problem="", refusal="", ready=True,
    )  # fmt: skip
    put(composer, text="What makes this sound?", canSend=True, allowed=["text", "image"])
    rows(
        medley.values["notices"],
        [{"noticeId": 1, "kind": "info", "key": "saved", "text": "boat.png"},
         {"noticeId": 2, "kind": "error", "key": "", "text": f"notes.txt: {SENTENCE}"}],
    )  # fmt: skip
    return medley


def broken() -> Any:
    """The library cannot be opened."""
    medley = world()
    put(medley, libraryState="broken", libraryProblem="The library is from a newer Medley.")
    put(medley.values["engine"], state="off", bundle="")
    return medley


def with_bundles() -> Any:
    """Two bundles, one of them spoiled."""
    medley = empty()
    rows(
        medley.values["bundles"],
        [{"name": "pocket", "title": "Pocket", "routing": "projected", "current": True,
          "verifyState": "ok", "modalities": ["text", "image", "audio", "video"]},
         {"name": "own", "title": "My own", "routing": "captioned", "current": False,
          "verifyState": "failed", "verifyText": "llm.gguf: expected 41fe, found 9b02.",
          "modalities": ["text", "image"]}],
        description="A bundle.", path="/bundles", bytes=4e7, licences=["Apache-2.0"], problem="",
        verifyText="",
    )  # fmt: skip
    return medley


STATES: Mapping[str, Callable[[], Any]] = {
    state.__name__: state
    for state in (
        first_start, empty, talking, answering, waiting, down, searching, writing, broken,
        with_bundles,
    )
}  # fmt: skip
