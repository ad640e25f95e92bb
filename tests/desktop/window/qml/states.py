"""The states in which the window is looked at: what `medley` holds in each. Data only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.desktop.window.qml.filling import (
    PICTURE,
    SENTENCE,
    THOUGHT,
    block,
    fill_picker,
    fill_sidebar,
    fill_transcript,
    medium,
)
from tests.desktop.window.qml.made import put, rows
from tests.desktop.window.qml.world import world


def first_start() -> Any:
    """Nothing has been asked yet."""
    medley = world()
    put(medley, firstStart=True)
    return medley


def touring() -> Any:
    """A person is shown around."""
    medley = first_start()
    put(medley.values["tour"], on=True)
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


def offered() -> Any:
    """Nothing has been asked yet, and there is no model to talk with."""
    medley = first_start()
    put(medley.values["models"], offered=True)
    return medley


def fetching() -> Any:
    """The starter is being fetched."""
    medley = empty()
    put(
        medley.values["models"], offered=True, state="fetching", bytesDone=412e6, bytesTotal=1.45e9,
        perSecond=11.2e6, secondsLeft=93.0, purpose="talk", part="Qwen2.5-Coder 1.5B Instruct",
        source="Hugging Face, Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    )  # fmt: skip
    return medley


def unfetched() -> Any:
    """The starter could not be fetched."""
    medley = empty()
    put(medley.values["models"], offered=True, state="failed", reason="network", problem="None.")
    return medley


FOUND = (
    {"kind": "label", "text": "espresso, 73 %; coffee mug, 12 %",
     "brief": "espresso, 73 %; coffee mug, 12 %", "first": "", "last": "", "characters": 20},
    {"kind": "text", "text": "Caffè Roma\nsince 1952", "brief": "Caffè Roma since 1952",
     "first": "", "last": "", "characters": 20},
    {"kind": "document", "text": "A passage.\n" * 60, "brief": "A passage. " * 60,
     "first": "page 1", "last": "page 3", "characters": 600},
)  # fmt: skip


def read() -> Any:
    """Readers found something in a photo; a document is quoted; clip art was made."""
    medley = empty()
    medley.values["findings"].answers["of"] = list(FOUND)
    paper = {**medium("document", made=False), "name": "report.pdf", "mime": "application/pdf"}
    fill_transcript(
        medley,
        {"role": "user", "blocks": [medium("image", made=False), paper,
                                    block("text", "<p>What is this?</p>")]},
        {"blocks": [
            block("text", "<p>A cup of coffee.</p>"), {**medium("image"), "clipart": True},
            {**block("note", "quoted"), "plain": "report.pdf, page 3"},
            {**block("note", "unread"), "plain": "lake.jpg: expected a reader, found none."},
        ]},
    )  # fmt: skip
    put(medley.values["engine"], bundle="Starter")
    put(medley.values["picker"], pocket=False, starter=True, title="Starter")
    put(medley.values["manner"], custom=True, system="Answer in rhymes.", temperature=0.4)
    return medley


def suspended() -> Any:
    """A plugin ended the engine."""
    medley = down()
    put(medley.values["engine"], suspended=["medley-colours"])
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
        verifyText="", verifyShare=-1.0,
    )  # fmt: skip
    return medley


def conversing() -> Any:
    """A spoken conversation: a recording, an answer that was interrupted, and who speaks now."""
    medley = world()
    said = [block("text", "Tell me a story"), {**medium("audio", made=False), "recording": True}]
    cut = [block("text", "Once upon"), block("unheard", " a time there was a dog.")]
    fill_transcript(medley, {"role": "user", "blocks": said}, {"blocks": cut, "status": "stopped"})
    put(
        medley.values["talk"], on=True, phase="speaking", handsFree=True, device="Microphone",
        heard="And then?", spoken="Then it rained", level=0.4,
    )  # fmt: skip
    return medley


def thoughtful() -> Any:
    """An answer before which the model thought, and one before which it still does."""
    medley = world()
    asked = [block("text", "How many legs have three dogs?")]
    thought = {**block("thinking", "thought", number=12), "plain": THOUGHT}
    answer = [thought, block("text", "Twelve.")]
    going = {**block("thinking", "thinking", number=-1), "plain": "And four"}
    cut = {**block("thinking", "cut", number=40), "plain": THOUGHT}
    fill_transcript(
        medley,
        {"role": "user", "blocks": asked},
        {"blocks": answer},
        {"role": "user", "blocks": [block("text", "And if one is a bird?")]},
        {"blocks": [cut, block("text", "Ten.")]},
        {"role": "user", "blocks": [block("text", "And four?")]},
        {"blocks": [going], "status": "streaming"},
    )
    return medley


def speechless() -> Any:
    """Nothing that could hear is installed."""
    medley = empty()
    put(
        medley.values["talk"], on=True, phase="failed", kind="no_model",
        reason="expected a model to hear speech with, found none installed. Fetch it under "
        "Settings, Models, or with `medley models get starter`.",
    )  # fmt: skip
    return medley


def switched() -> Any:
    """Two models have answered, the context is nearly full, and some of it was left out."""
    medley = empty()
    fill_picker(medley)
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Draw a boat</p>")]},
        {"blocks": [block("text", "<p>Here it is</p>"), medium("image")], "model": "Pocket"},
        {"role": "user", "blocks": [block("text", "<p>And what is a boat?</p>")]},
        {"blocks": [block("text", "<p>A boat carries people over water.</p>")], "model": "Starter",
         "branchCount": 2, "branchIndex": 1},
    )  # fmt: skip
    context = medley.values["context"]
    put(context, known=True, used=7373, size=8192, share=0.9, near=True, dropped=4)
    return medley


def elsewhere() -> Any:
    """Another computer answers, and this one did before."""
    medley = empty()
    fill_sidebar(medley)
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Draw a boat</p>")]},
        {"blocks": [block("text", "<p>Here it is</p>"), medium("image")]},
        {"role": "user", "blocks": [block("text", "<p>And what is a boat?</p>")]},
        {"blocks": [block("text", "<p>A boat carries people over water.</p>")], "place": "box"},
    )  # fmt: skip
    put(medley.values["engine"], remote="box", bundle="Starter", device="cuda:0")
    put(medley.values["remotes"], names=["box", "attic"], chosen="box", host="me@box.local")
    return medley


def missing() -> Any:
    """The model of the conversation is gone."""
    medley = switched()
    put(medley.values["picker"], missing=True, title="My own", former="Starter")
    put(medley.values["context"], near=False, share=0.24, estimated=True, used=490, size=2048)
    return medley


def unopened() -> Any:
    """The model that was chosen could not be opened, and an answer failed for it."""
    medley = down()
    put(medley.values["engine"], state="ready", reason="")
    put(medley.values["picker"], problem=SENTENCE, title="My own", former="Starter")
    return medley


def acting() -> Any:
    """Calls of tools in every state, one of them a question."""
    from tests.desktop.window.qml.tools_world import call

    medley = empty()
    fill_sidebar(medley, waiting=True)
    fill_transcript(
        medley,
        {"role": "user", "blocks": [block("text", "<p>Put apples on my list</p>")]},
        {"status": "streaming", "blocks": [
            block("text", "<p>I look at the list first.</p>"),
            call("done"), call("failed", "read_file"), call("refused", "notes-add", server="notes"),
            call("interrupted", "run_python"), call("running", "make_media"),
            call("done", "write_file", undoable=True), call("asking", "write_file"),
        ]},
    )  # fmt: skip
    put(medley.values["tools"].values["cards"], waitingCount=1)
    return medley


STATES: Mapping[str, Callable[[], Any]] = {
    state.__name__: state
    for state in (
        first_start, empty, talking, answering, waiting, down, searching, writing, broken,
        with_bundles, offered, fetching, unfetched, read, suspended,
        touring, conversing, thoughtful, speechless, switched, elsewhere, missing, unopened, acting,
    )
}  # fmt: skip
