"""The choice of a model, as it looks and is driven."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import fill_picker
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import empty, missing, switched, unopened
from tests.desktop.window.qml.view import View, description, spoken
from tests.desktop.window.type_names import type_name

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(show: Show) -> View:
    """A conversation that two models answered; the models are listed."""
    found = show(switched())
    found.press(Qt.Key.Key_M, CONTROL)
    found.until(lambda: found.window.activeFocusItem().objectName() == "modelSearch")
    found.settle(200)
    return found


def chosen(view: View) -> list[tuple[object, ...]]:
    """What was chosen so far."""
    return [call for call in view.calls("picker") if call[0] not in ("refresh", "weigh")]


def test_arrows_and_enter_choose_and_a_broken_one_is_not_taken(view: View) -> None:
    view.find("modelList").setProperty("currentIndex", 0)
    for _ in range(2):
        view.press(Qt.Key.Key_Down)
    view.press(Qt.Key.Key_Return)
    assert chosen(view) == []

    view.press(Qt.Key.Key_Up)
    view.press(Qt.Key.Key_Return)

    assert chosen(view) == [("choose", "pocket")]
    view.until(lambda: not _listed(view))


def test_typing_searches_and_escape_closes(view: View) -> None:
    view.type("poc")
    assert view.part("picker").values["query"] == "poc"

    view.press(Qt.Key.Key_Escape)

    view.until(lambda: not _listed(view))
    assert view.part("picker").values["query"] == ""
    assert chosen(view) == []


def test_each_model_is_read_with_what_it_is_and_why_it_may_not_be_used(view: View) -> None:
    lines = {
        spoken(item): description(item) for item in view.items() if "ModelLine" in type_name(item)
    }

    assert set(lines) >= {"Starter, chosen", "Pocket"}
    assert lines["Pocket"].startswith("Answers with: Words, Picture, Sound, Clip. 46 MB on the")
    broken = next(text for name, text in lines.items() if name.startswith("My own"))
    assert broken.startswith("Cannot be used. Expected a picture")
    assert {call for call in view.calls("picker") if call[0] == "weigh"} >= {("weigh", "pocket")}


def test_adding_a_model_leads_to_the_sheet_and_from_there_to_the_catalogue(view: View) -> None:
    view.click(view.named("Add a model …"))

    view.until(lambda: [item for item in view.items() if item.objectName() == "chooseFile"])
    view.settle(200)
    assert ("refresh",) in view.calls("ownModels")
    view.click(view.named("Get one from the catalogue …"))
    view.until(lambda: [item for item in view.items() if item.objectName() == "settingsScroller"])
    view.settle(200)
    assert ("refresh",) in view.calls("models")


def test_another_model_answers_again_from_the_answer_itself(show: Show) -> None:
    view = show(switched())
    view.click("againWithButton")
    view.settle(200)
    view.click(view.named("Pocket"))

    assert ("regenerateWith", "m3", "pocket") in view.calls("transcript")
    assert chosen(view) == []


def test_the_only_model_there_is_has_nothing_to_be_compared_with(show: Show) -> None:
    medley = switched()
    put(medley.values["picker"], several=False)
    view = show(medley)

    assert not [item for item in view.items() if item.objectName() == "againWithButton"]


def test_the_meter_says_how_full_the_context_is(show: Show) -> None:
    view = show(switched())
    meter = view.find("contextMeter")

    assert spoken(meter) == "Context: 90 %"
    assert "7,373 of 8,192 tokens" in description(meter)
    assert "(4) are left out already" in description(meter)

    put(view.part("context"), dropped=0)
    assert "Soon the oldest messages" in description(meter)
    put(view.part("context"), estimated=True, near=False, share=0.2)
    assert description(meter).startswith("This conversation fills about 20 % of what Starter")


def test_a_model_that_is_gone_or_not_opened_offers_the_way_back(show: Show) -> None:
    view = show(missing())
    assert spoken(view.find("modelButton")) == "Model: My own, which is not here any more"
    view.click("modelBack")
    assert chosen(view) == [("goBack",)]

    other = show(unopened())
    other.settle(100)
    other.click("formerButton")
    assert chosen(other) == [("goBack",)]
    assert [call[0] for call in other.calls("transcript")] == ["retry"]


def test_the_manner_of_a_conversation_holds_length_and_top_p(show: Show) -> None:
    medley = empty()
    fill_picker(medley)
    put(medley.values["manner"], maxNewTokens=640, topP=0.9)
    view = show(medley)
    view.click("mannerButton")
    view.settle(200)
    assert view.find("lengthChoice").property("currentValue") == "640"

    view.click("saveManner")
    assert view.calls("manner")[-1] == ("save", "", -1, 0.9, 640, False)

    put(medley.values["manner"], maxNewTokens=300, takesSystem=False)
    view.click("mannerButton")
    view.settle(200)
    field = view.find("ownLength")
    assert field.property("text") == "300"
    field.setProperty("text", "99999999")
    view.settle()
    assert not view.find("saveManner").property("enabled")
    field.setProperty("text", "77")
    view.click("saveManner")
    assert view.calls("manner")[-1] == ("save", "", -1, 0.9, 77, False)


def test_a_model_that_has_the_choice_can_be_made_to_think_first(show: Show) -> None:
    medley = empty()
    fill_picker(medley)
    view = show(medley)
    view.click("mannerButton")
    view.settle(200)
    assert not any(item.objectName() == "thinkFirst" for item in view.items())

    put(medley.values["manner"], mayThink=True)
    view.settle()
    view.click("thinkFirst")
    view.click("saveManner")
    assert view.calls("manner")[-1] == ("save", "", -1, -1, 0, True)

    put(medley.values["manner"], think=True)
    view.settle(300)
    view.click("mannerButton")
    view.settle(200)
    assert view.find("thinkFirst").property("checked") is True
    view.click(view.named("As the bundle has it"))
    view.click("saveManner")
    assert view.calls("manner")[-1] == ("save", "", -1, -1, 0, False)


def _listed(view: View) -> bool:
    return any(item.objectName() == "modelSearch" for item in view.items())
