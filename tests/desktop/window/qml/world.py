"""A `medley` object with data in it and nothing behind it, for looking at the window alone.

It has every name of the contract between the window's two halves, so the QML files can be loaded,
driven and photographed in any state without a library, a worker or a model. Calls are remembered
by name in `calls`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage

from desktop.window.listmodel import RowsModel
from tests.desktop.window.qml.made import made_full, made_model, made_part, rows


def world() -> Any:
    """A `medley` with every part of the contract, all of it empty and at rest."""
    made: Any = made_full(
        QObject,
        {
            "dark": ("bool", False), "highContrast": ("bool", False),
            "reducedMotion": ("bool", True), "scale": ("double", 1.0),
            "language": ("QString", "en"), "version": ("QString", "0.1.0"),
            "libraryState": ("QString", "ready"), "libraryProblem": ("QString", ""),
            "firstStart": ("bool", False), "fileDialogs": ("bool", False),
            "complete": ("bool", True),
            "windowGeometry": ("QVariant", {}),
            **{name: ("QObject*", None) for name in (
                "settings", "conversations", "mediaHits", "transcript", "composer", "engine",
                "bundles", "notices", "models", "findings", "manner", "recording", "talk",
                "picker", "context", "ownModels", "presets", "switcher",
                "tour", "gallery", "tools", "localApi", "remotes",
            )},
        },
        {"retryLibrary": 0, "dismissFirstStart": 0, "saveWindowGeometry": 5, "openLink": 1,
         "copyText": 1, "fileExists": 1},
        signals={"linkRefused": Signal(str), "modelsGiven": Signal()},
        answers={"fileExists": ("bool", False)},
    )  # fmt: skip
    for name, part in _parts().items():
        part.setParent(made)
        made.values[name] = part
    return made


def _parts() -> dict[str, Any]:
    from tests.desktop.window.qml.own_models import own_models
    from tests.desktop.window.qml.tools_world import tools

    return {
        "settings": _settings(), "conversations": _conversations(), "mediaHits": _media_hits(),
        "transcript": _transcript(), "composer": _composer(), "engine": _engine(),
        "bundles": _bundles(),
        "notices": made_model("noticeId kind key text", {}, {"dismiss": 1}),
        "models": _models(), "findings": _findings(), "manner": _manner(),
        "talk": _talk(), "picker": _picker(), "context": _context(),
        "recording": _recording(), "ownModels": own_models(), "tools": tools(),
        "presets": _presets(),
        "switcher": _switcher(),
        "gallery": made_model(
            "partId mediaId modality thumbnail name title conversationId messageId made time "
            "duration",
            {"modality": ("QString", ""), "origin": ("QString", ""), "reading": ("bool", False)},
            {"open": 0, "close": 0},
        ),
        "tour": made_part({"on": ("bool", False)}, {"begin": 0, "end": 0}),
        "localApi": _local_api(), "remotes": _remotes(),
    }  # fmt: skip


def _settings() -> Any:
    return made_full(
        QObject,
        {
            "theme": ("QString", "system"), "language": ("QString", "system"),
            "highContrast": ("bool", False), "scale": ("double", 1.0),
            "reducedMotion": ("bool", False), "device": ("QString", "auto"),
            "devices": ("QStringList", ["auto", "cpu"]), "memoryBudgetMb": ("int", 0),
            "memoryTotalMb": ("int", 16384), "stepsImage": ("int", 0), "stepsAudio": ("int", 0),
            "stepsVideo": ("int", 0), "stepsMax": ("int", 100), "previews": ("bool", True),
            "bundle": ("QString", "pocket"), "meaningSearch": ("bool", True),
            "keepDrafts": ("bool", True), "notifyAnswers": ("bool", True),
            "microphone": ("QString", ""),
            "loudspeaker": ("QString", ""), "voice": ("QString", ""),
            "voiceSpeed": ("double", 1.0), "spokenLanguage": ("QString", ""),
            "keepRecordings": ("bool", True), "tools": ("bool", True),
            "localApi": ("bool", False),
        },
        {"reset": 0},
    )  # fmt: skip


def _local_api() -> Any:
    return made_full(
        QObject,
        {
            "state": ("QString", "off"), "address": ("QString", ""), "problem": ("QString", ""),
            "tokenFile": ("QString", "/home/me/.config/medley/serve-token"),
            "programs": ("int", 0), "waiting": ("int", 0), "answering": ("bool", False),
        },
        {"copyToken": 0, "openPage": 0},
    )  # fmt: skip


def _remotes() -> Any:
    return made_full(
        QObject,
        {
            "names": ("QStringList", []), "chosen": ("QString", ""), "host": ("QString", ""),
            "state": ("QString", ""), "problem": ("QString", ""), "bundles": ("QStringList", []),
        },
        {"refresh": 0, "choose": 1, "test": 0},
    )  # fmt: skip


def _conversations() -> Any:
    return made_model(
        "conversationId title day pinned snippet thumbnail time busy waiting hit hitMessageId",
        {"query": ("QString", ""), "searching": ("bool", False), "current": ("QString", ""),
         "modalityFilter": ("QString", ""), "currentTitle": ("QString", ""),
         "similarTo": ("QString", "")},
        {"newConversation": 0, "open": 1, "openHit": 2, "rename": 2, "setPinned": 2, "remove": 1,
         "undoRemove": 1, "exportTo": 2, "importFrom": 1, "findSimilar": 2, "endSearch": 0},
        signals={"removed": Signal(str, str), "exported": Signal(str), "revealed": Signal(int)},
    )  # fmt: skip


def _media_hits() -> Any:
    return made_model("mediaId modality thumbnail conversationId messageId caption", {}, {})


def _transcript() -> Any:
    return made_model(
        "messageId role status loaded estimatedHeight blocks plain branchIndex branchCount time "
        "last model place",
        {"conversationId": ("QString", ""), "busy": ("bool", False), "empty": ("bool", True),
         "failed": ("bool", False),
         "announcement": ("QString", "")},
        {"regenerate": 1, "resume": 1, "sayAsVideo": 1, "regenerateWith": 2, "answerDetails": 1,
         "editAndResend": 2, "chooseBranch": 2, "retry": 1, "stop": 0,
         "cancelArtifact": 2, "vary": 2, "renderAgain": 2, "saveAs": 2, "copyMedia": 1,
         "dragOut": 1, "copyMessage": 1, "openExternally": 1, "details": 2, "suggestedName": 1,
         "rowOf": 1, "showAll": 1, "showLess": 1, "lastAnswer": 0},
        signals={"detailsReady": Signal("QVariant"), "scrollTo": Signal(int),
                 "saved": Signal(str, str)},
        answers={"suggestedName": ("QString", "red boat.png"), "rowOf": ("int", -1),
                 "lastAnswer": ("QVariantMap", {})},
    )  # fmt: skip


def blocks(*given: Mapping[str, Any]) -> Any:
    """The blocks of a message."""
    return rows(
        Blocks(), given, text="", plain="", language="", modality="", card="", mediaId="", mime="",
        source="", width=0, height=0, duration=0.0, bytes=0.0, name="", title="", made=False,
        artifactIndex=-1, step=0,
        of=0, eta=-1.0, preview="", action="", number=0, continued=False, quoted=False,
        clipart=False, recording=False, speaks=False, call={},
    )  # fmt: skip


class Blocks(RowsModel[SimpleNamespace]):
    """The blocks of one message."""

    roles = tuple(
        "kind text plain language modality card mediaId mime source width height duration bytes "
        "name title made artifactIndex step of eta preview action number continued quoted "
        "clipart recording speaks call".split()
    )


def _composer() -> Any:
    made = made_full(
        QObject,
        {
            "text": ("QString", ""), "attachments": ("QObject*", None), "canSend": ("bool", False),
            "busy": ("bool", False), "reading": ("bool", False),
            "available": ("QStringList", ["text", "image", "audio", "video"]),
            "allowed": ("QStringList", ["text", "image", "audio", "video"]),
        },
        {"send": 0, "stop": 0, "addFiles": 1, "paste": 0, "canPasteMedia": 0,
         "moveAttachment": 2, "removeAttachment": 1, "undoRemoveAttachment": 1, "setAllowed": 2,
         "resetAllowed": 0, "sendPrompt": 1},
        signals={"sent": Signal(), "emptied": Signal(), "refused": Signal(str),
                 "attachmentRemoved": Signal(str, str)},
        answers={"paste": ("bool", False), "canPasteMedia": ("bool", False)},
    )  # fmt: skip
    attachments = made_model(
        "key name modality thumbnail bytes duration problem refusal ready", {}, {}
    )
    attachments.setParent(made)
    made.values["attachments"] = attachments
    return made


def _recording() -> Any:
    sound = made_full(
        QObject,
        {
            "state": ("QString", "off"), "problem": ("QString", ""), "playing": ("bool", False),
            "seconds": ("double", 0.0), "peaks": ("QVariantList", []), "begin": ("double", 0.0),
            "end": ("double", 0.0), "position": ("double", 0.0),
        },
        {"start": 0, "stop": 0, "close": 0, "trim": 2, "play": 0, "pause": 0},
    )  # fmt: skip
    camera = made_full(
        QObject,
        {
            "state": ("QString", "off"), "problem": ("QString", ""), "seen": ("bool", False),
            "seconds": ("double", 0.0), "image": ("QVariant", QImage()),
            "duration": ("double", 0.0), "begin": ("double", 0.0), "end": ("double", 0.0),
            "position": ("double", 0.0), "playing": ("bool", False),
        },
        {
            "start": 0, "takePicture": 0, "record": 0, "stop": 0, "close": 0, "trim": 2,
            "play": 0, "pause": 0,
        },
    )  # fmt: skip
    screen = made_full(
        QObject,
        {
            "state": ("QString", "off"), "problem": ("QString", ""), "names": ("QVariantList", []),
            "image": ("QVariant", QImage()), "part": ("QVariant", QRectF()),
        },
        {"start": 0, "take": 2, "close": 0, "cut": 4},
    )  # fmt: skip
    made = made_full(
        QObject,
        {"sound": ("QObject*", sound), "camera": ("QObject*", camera),
         "screen": ("QObject*", screen)},
        {"ask": 1, "attachSound": 0, "attachCamera": 0, "attachScreen": 0},
        signals={"asked": Signal(str), "attached": Signal()},
    )  # fmt: skip
    for part in (sound, camera, screen):
        part.setParent(made)
    return made


def _engine() -> Any:
    return made_full(
        QObject,
        {
            "state": ("QString", "ready"), "reason": ("QString", ""), "notice": ("QString", ""),
            "bundle": ("QString", "Pocket"), "device": ("QString", "CPU, 2 threads"),
            "memoryBytes": ("double", 612e6), "memoryBudgetBytes": ("double", 4e9),
            "progress": ("double", -1.0), "loading": ("QString", ""), "pocket": ("bool", True),
            "starter": ("bool", False), "ahead": ("int", 0), "remote": ("QString", ""),
            "suspended": ("QStringList", []),
        },
        {"start": 0, "restart": 0, "switchOff": 1},
    )  # fmt: skip


def _models() -> Any:
    return made_model(
        "name title purpose bytes memoryBytes languages licences installed packaged fetching",
        {
            "offered": ("bool", False), "missingBytes": ("double", 1.45e9),
            "state": ("QString", "rest"), "reason": ("QString", ""), "problem": ("QString", ""),
            "bytesDone": ("double", 0.0), "bytesTotal": ("double", 0.0),
            "secondsLeft": ("double", -1.0), "perSecond": ("double", 0.0),
            "purpose": ("QString", ""), "part": ("QString", ""), "source": ("QString", ""),
            "proving": ("bool", False),
        },
        {"refresh": 0, "getStarter": 0, "get": 1, "retry": 0, "cancel": 0, "dismiss": 0,
         "remove": 1},
    )  # fmt: skip


def _findings() -> Any:
    return made_full(
        QObject,
        {},
        {"of": 1},
        signals={"told": Signal(str, "QVariantList", arguments=["mediaId", "lines"]),
                 "reading": Signal(str, str, int, int,
                                   arguments=["mediaId", "reader", "step", "of"])},
        answers={"of": ("QVariantList", [])},
    )  # fmt: skip


def _manner() -> Any:
    return made_full(
        QObject,
        {"system": ("QString", ""), "temperature": ("double", -1.0), "custom": ("bool", False),
         "topP": ("double", -1.0), "maxNewTokens": ("int", 0),
         "usual": ("QString", "You are Medley."), "longest": ("int", 20_000),
         "takesSystem": ("bool", True), "usualTemperature": ("double", 0.7),
         "usualTopP": ("double", 1.0), "usualLength": ("int", 1024), "context": ("int", 8192),
         "warmest": ("double", 2.0), "longestAnswer": ("int", 32_768),
         "think": ("bool", False), "mayThink": ("bool", False)},
        {"look": 0, "save": 5},
    )  # fmt: skip


def _picker() -> Any:
    return made_model(
        "name title modalities bytes context problem chosen memoryBytes",
        {"query": ("QString", ""), "title": ("QString", "Pocket"), "missing": ("bool", False),
         "problem": ("QString", ""), "former": ("QString", ""),
         "defaultTitle": ("QString", "Pocket"), "chosenRow": ("int", -1),
         "several": ("bool", False), "pocket": ("bool", True), "starter": ("bool", False)},
        {"refresh": 0, "choose": 1, "goBack": 0, "weigh": 1, "choices": 0,
         "titleOf": 1},
        answers={"choices": ("QVariantList", [{"value": "pocket", "text": "Pocket"}]),
                 "titleOf": ("QString", "Pocket")},
    )  # fmt: skip


FORM = {
    "presetId": "", "name": "", "system": "", "bundle": "", "voice": "", "tools": -1,
    "temperature": -1.0, "topP": -1.0, "maxNewTokens": 0, "think": False, "shipped": False,
}  # fmt: skip
"""What a new preset holds."""


def _presets() -> Any:
    return made_model(
        " ".join(FORM),
        {"someAway": ("bool", False), "longestName": ("int", 100)},
        {"use": 2, "keep": 2, "form": 1, "openForm": 0, "duplicate": 1, "remove": 1,
         "undoRemove": 1, "bringBack": 0, "suggestedName": 1, "exportTo": 2, "importFrom": 1},
        signals={"removed": Signal(str, str, arguments=["key", "name"])},
        answers={"form": ("QVariantMap", FORM), "openForm": ("QVariantMap", FORM),
                 "suggestedName": ("QString", "preset.toml")},
    )  # fmt: skip


def _switcher() -> Any:
    return made_model(
        "section kind key title plain detail glyph keys chosen time messageId id",
        {"query": ("QString", "")},
        {"open": 1, "close": 0, "take": 2},
        signals={"listed": Signal(), "went": Signal(),
                 "commanded": Signal(str, arguments=["key"])},
    )  # fmt: skip


def _context() -> Any:
    return made_full(
        QObject,
        {"known": ("bool", False), "used": ("int", 0), "size": ("int", 2048),
         "share": ("double", 0.0), "near": ("bool", False), "estimated": ("bool", False),
         "dropped": ("int", 0)},
        {},
    )  # fmt: skip


def _talk() -> Any:
    made = made_full(
        QObject,
        {
            "on": ("bool", False), "phase": ("QString", "idle"), "kind": ("QString", ""),
            "reason": ("QString", ""), "heard": ("QString", ""), "spoken": ("QString", ""),
            "handsFree": ("bool", False), "muted": ("bool", False), "device": ("QString", ""),
            "level": ("double", 0.0), "reading": ("QString", ""), "key": ("QString", "F8"),
            "mouth": ("QObject*", None), "microphones": ("QVariantList", []),
            "loudspeakers": ("QVariantList", []), "voices": ("QStringList", []),
        },
        {"press": 0, "release": 0, "toggle": 0, "silence": 0, "end": 0, "mute": 1, "prepare": 0,
         "readAloud": 2, "stopReading": 0, "listDevices": 0},
    )  # fmt: skip
    mouth = made_full(
        QObject,
        {"visemes": ("QVariantList", []), "loudness": ("QVariantList", []),
         "position": ("double", 0.0)},
        {},
    )  # fmt: skip
    mouth.setParent(made)
    made.values["mouth"] = mouth
    return made


def _bundles() -> Any:
    return made_model(
        "name title description path bytes modalities routing licences current verifyState "
        "verifyText verifyShare problem",
        {"watched": ("bool", False)},
        {"refresh": 0, "choose": 1, "verify": 1, "addFolder": 1},
    )
