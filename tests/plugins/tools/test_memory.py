"""Facts are remembered, read and forgotten by Medley itself."""

from __future__ import annotations

from tests.desktop.tools.calling import Calls


def test_a_fact_is_remembered_recalled_and_forgotten(calls: Calls) -> None:
    facts: dict[int, str] = {}

    def add(given: dict[str, str]) -> dict[str, int]:
        facts[4] = given["text"]
        return {"id": 4}

    calls.services["memory.add"] = add
    calls.services["memory.list"] = lambda _: {
        "memories": [{"id": id, "text": text, "when": "2026-11-29"} for id, text in facts.items()]
    }
    calls.services["memory.forget"] = lambda given: facts.pop(given["id"]) and {}

    assert calls.text("recall") == "Nothing is remembered."
    assert calls.text("remember", fact="Ada likes\n tea.") == "Remembered as 4."
    assert calls.text("recall") == "4: Ada likes tea."
    assert calls.text("forget", id=4) == "It is forgotten."
    assert facts == {}
