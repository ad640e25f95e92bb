"""The made-up part of `medley` that is the sheet of a person's own models, and states of it."""

from __future__ import annotations

from typing import Any

from tests.desktop.window.qml.made import made_model, made_part, put, rows

LONG = "Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL, fine-tuned for the recipes of my grandmother " * 3
CANDIDATE = {
    "path": "/home/somebody/models/Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
    "purpose": "talk", "title": "Qwen3 4B Instruct 2507", "name": "qwen3-4b", "bytes": 2.5e9,
    "licence": "Apache-2.0", "size": "4B Q4_K_M", "context": 262144, "thinks": True,
    "pipeline": "", "languages": [], "voices": 0, "eyes": [], "asks": False, "known": "",
    "warnings": [], "sees": False, "hears": False,
}  # fmt: skip


def own_models() -> Any:
    """The sheet, at rest."""
    made = made_part(
        {name: ("QObject*", None) for name in ("adding", "found", "making", "listing", "testing")},
        {"refresh": 0, "rest": 0},
    )
    parts = {
        "adding": made_part(
            {
                "state": ("QString", "rest"), "titles": ("QStringList", []), "index": ("int", 0),
                "facts": ("QVariantMap", {}), "outcome": ("QVariantMap", {}),
                "problems": ("QStringList", []), "looking": ("QString", ""),
                "share": ("double", 0.0), "bytesTotal": ("double", 0.0), "file": ("QString", ""),
                "name": ("QString", ""), "nameProblem": ("QString", ""), "eyes": ("QString", ""),
            },
            {"look": 1, "choose": 1, "add": 0, "cancel": 0, "again": 0},
        ),
        "found": made_model(
            "program title path purpose bytes size licence known problem",
            {"state": ("QString", "done"), "looking": ("QString", ""), "problem": ("QString", "")},
            {"search": 0, "cancel": 0, "take": 1},
        ),
        "making": made_part(
            {
                "state": ("QString", "rest"), "problem": ("QString", ""),
                "options": ("QVariantMap", {}), "chosen": ("QVariantMap", {"talk": ""}),
                "outcome": ("QVariantMap", {}), "share": ("double", 0.0), "file": ("QString", ""),
                "name": ("QString", "my-bundle"), "nameProblem": ("QString", ""),
            },
            {"refresh": 0, "choose": 2, "chooseFile": 2, "make": 0, "cancel": 0, "again": 0},
        ),
        "listing": made_model(
            "name title path purpose isBundle removable bytes modalities licences problem test "
            "needs free context verifyState verifyText verifyShare",
            {"removed": ("QString", ""), "undoable": ("bool", False), "returning": ("bool", False),
             "problem": ("QString", "")},
            {"refresh": 0, "weigh": 1, "verify": 1, "stopVerifying": 0, "remove": 1, "undo": 0,
             "dismiss": 0},
        ),
        "testing": made_model(
            "step outcome sentence",
            {"state": ("QString", "rest"), "name": ("QString", ""), "problem": ("QString", ""),
             "share": ("double", 0.0), "facts": ("QVariantMap", {})},
            {"start": 1, "cancel": 0, "dismiss": 0},
        ),
    }  # fmt: skip
    for name, part in parts.items():
        part.setParent(made)
        made.values[name] = part
    return made


def offering(made: Any, **different: Any) -> None:
    """A model can be added."""
    facts = {**CANDIDATE, **different}
    put(
        made.values["adding"],
        state="found",
        titles=[facts["title"]],
        facts=facts,
        name=facts["name"],
    )


def tested(made: Any, name: str = "qwen3-4b") -> None:
    """A model was added and tested."""
    outcome = {"name": name, "title": "Qwen3 4B", "purpose": "talk", "bundle": True,
               "warnings": ["It has no chat template."]}  # fmt: skip
    put(made.values["adding"], state="added", outcome=outcome)
    testing = made.values["testing"]
    rows(
        testing,
        [{"step": "load", "outcome": "passed"}, {"step": "see", "outcome": "not applicable"},
         {"step": "image", "outcome": "failed"}],
        sentence="It loads in 1.2 s.",
    )  # fmt: skip
    facts = {"ok": False, "speed": 12.4, "memory": 3.1e9, "context": 8192}
    put(testing, state="done", name=name, facts=facts)


def listed(made: Any) -> None:
    """Some models: a good one, a broken one, a decoder, Pocket."""
    test = {"ok": True, "speed": 7.5, "sees": "yes", "hears": "no"}
    rows(
        made.values["listing"],
        [{"name": "qwen3-4b", "title": "Qwen3 4B", "test": test},
         {"name": "large", "title": LONG, "context": 0, "needs": 2.2e10},
         {"name": "gone", "title": "Gone", "problem": "/mnt/far.gguf is gone"},
         {"name": "tiny-sd", "title": "Tiny SD", "purpose": "image", "isBundle": False,
          "modalities": [], "verifyState": "running", "verifyShare": 0.4},
         {"name": "pocket", "title": "Pocket 1.0", "removable": False, "verifyState": "ok"}],
        path="/home/somebody/models/a.gguf", purpose="talk", isBundle=True, removable=True,
        bytes=2.5e9, modalities=["text", "image"], licences=["Apache-2.0", "NOASSERTION"],
        problem="", test={}, needs=3.2e9, free=8e9, context=8192, verifyState="", verifyText="",
        verifyShare=-1.0,
    )  # fmt: skip
    put(made.values["listing"], removed="older", undoable=True)


def found(made: Any, count: int = 4) -> None:
    """Models of two other programs, one of which cannot be used."""
    given = [
        {"program": "LM Studio" if at < count / 2 else "Ollama", "title": f"Model {at} {LONG}",
         "path": f"/models/{at}.gguf"}
        for at in range(count)
    ]  # fmt: skip
    broken = {"program": "Ollama", "title": "", "path": "", "problem": "a.gguf: it is broken."}
    rows(
        made.values["found"], [*given, broken], purpose="talk", bytes=4e9, size="7B Q4_K_M",
        licence="MIT", known="", problem="",
    )  # fmt: skip


def making(made: Any) -> None:
    """A form with something to choose."""
    options = {"talk": [{"value": "qwen3-4b", "text": "Qwen3 4B"}],
               "image": [{"value": "tiny-sd", "text": LONG}]}  # fmt: skip
    put(made.values["making"], options=options, chosen={"talk": "qwen3-4b", "image": "tiny-sd"})
