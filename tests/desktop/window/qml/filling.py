"""What a `medley` object is filled with: messages, conversations, models and presets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.modalities import modality as modality_of
from tests.desktop.window.qml.made import put, rows
from tests.desktop.window.qml.world import FORM, Blocks, blocks

PICTURE = "image://medley/any"


SENTENCE = "expected a picture, a sound or a clip, found a text. Attach another file."


THOUGHT = "Three dogs. A dog has four legs.\n\nSo 3 × 4 = 12. That must be all."


def block(kind: str, text: str = "", **more: Any) -> dict[str, Any]:
    """One block of a message."""
    return {"kind": kind, "text": text, "plain": text, **more}


def medium(modality: str, made: bool = True) -> dict[str, Any]:
    """A picture, a sound or a clip."""
    return block(
        "media", modality=modality, card=modality_of(modality).card, mediaId=modality * 8,
        source=PICTURE, width=256, height=192,
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
        plain="words", branchIndex=0, branchCount=1, time=0.0, model="",
        place="",
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
        **{"snippet": "", "thumbnail": "", "time": 0.0, "waiting": False, "hit": "",
           "hitMessageId": "", **same},
    )  # fmt: skip
    put(model, current="1", currentTitle="Conversation 1")


def fill_models(medley: Any) -> None:
    """One model that is here and one that is not."""
    rows(
        medley.values["models"],
        [{"name": "whisper-base", "title": "Whisper base", "purpose": "hear", "installed": True},
         {"name": "qwen", "title": "Qwen2.5-Coder 1.5B Instruct (Q4_K_M)", "purpose": "talk",
          "installed": False}],
        bytes=1.1e9, memoryBytes=2e9, languages=["en"], licences=["MIT"], packaged=False,
        fetching=False,
    )  # fmt: skip


def fill_picker(medley: Any, *models: Mapping[str, Any]) -> None:
    """Models to choose among: by default the starter, Pocket and a broken one."""
    usual = (
        {
            "name": "starter",
            "title": "Starter",
            "chosen": True,
            "bytes": 1.12e9,
            "context": 8192,
            "memoryBytes": 1.35e9,
        },
        {"name": "pocket", "title": "Pocket"},
        {
            "name": "mine",
            "title": "My own Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL, fine-tuned",
            "modalities": ["text"],
            "problem": SENTENCE,
        },
    )
    rows(
        medley.values["picker"], models or usual, modalities=["text", "image", "audio", "video"],
        bytes=4.6e7, context=2048, problem="", chosen=False, memoryBytes=4.1e7,
    )  # fmt: skip
    put(medley.values["picker"], title="Starter", several=True, starter=True, pocket=False)


def fill_switcher(medley: Any) -> None:
    """One row of each kind."""
    rows(
        medley.values["switcher"],
        [{"section": "conversations", "kind": "conversation", "key": "1", "title": "A <b>boat</b>",
          "plain": "A boat", "glyph": "text", "time": 1.7e12},
         {"section": "commands", "kind": "command", "key": "settings", "title": "Settings",
          "glyph": "settings", "keys": "Ctrl+,"},
         {"section": "presets", "kind": "preset", "key": "translator", "title": "Translator",
          "glyph": "preset", "detail": "You translate."},
         {"section": "models", "kind": "model", "key": "starter", "title": "Starter",
          "glyph": "bundle", "chosen": True},
         {"section": "messages", "kind": "message", "key": "1", "title": "the <b>boat</b> floats",
          "plain": "the boat floats", "detail": "Things that float", "glyph": "search"},
         {"section": "ask", "kind": "ask", "title": "boat", "glyph": "send"}],
        keys="", detail="", chosen=False, time=0.0, messageId="", id="",
    )  # fmt: skip
    for row in medley.values["switcher"].rows:
        row.plain = getattr(row, "plain", row.title)


def fill_presets(medley: Any) -> None:
    """One of the person's own, and one that comes with Medley."""
    rows(
        medley.values["presets"],
        [{"presetId": "1", "name": "Pirate", "system": "Talk like a pirate.", "voice": "am_adam",
          "tools": 1, "bundle": "pocket", "temperature": 0.7},
         {"presetId": "translator", "name": "Translator", "system": "Translate. " * 40,
          "shipped": True, "tools": 0}],
        **{name: value for name, value in FORM.items() if name not in ("presetId", "name")},
    )  # fmt: skip
