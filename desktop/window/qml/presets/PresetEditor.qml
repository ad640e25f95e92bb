// One preset: its name, how answers are made, and with which model, tools and voice.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    // Empty for a new one.
    property string presetId: ""
    property var given: ({})
    readonly property bool fits: form.fits && name.text.trim() !== ""

    function edit(id: string, values: var) {
        presetId = id;
        given = values;
        name.text = values.name;
        model.chosen = values.bundle;
        tools.chosen = String(values.tools);
        voice.chosen = values.voice;
        form.take(values);
        medley.manner.look();
        scroller.contentItem.contentY = 0;
        open();
        name.forceActiveFocus();
    }
    function keep() {
        medley.presets.keep(presetId, Object.assign(form.values(), {
            name: name.text.trim(), bundle: model.currentValue ?? "", tools: Number(tools.currentValue),
            voice: voice.currentValue ?? ""
        }));
        close();
    }
    // All that can be chosen, with the one that was, also while it is not here.
    function withChosen(found: var, chosen: string): var {
        const known = chosen === "" || found.some((one) => one.value === chosen);
        return known ? found : found.concat([{ value: chosen, text: qsTr("%1 (not there)").arg(chosen) }]);
    }

    objectName: "presetEditor"
    title: presetId === "" ? qsTr("New preset") : qsTr("Preset")
    wish: Theme.px(600)
    footed: true

    contentItem: Scroller {
        id: scroller
        implicitHeight: column.implicitHeight
        ColumnLayout {
            id: column
            width: scroller.availableWidth
            spacing: Theme.large

            ColumnLayout {
                spacing: Theme.tiny
                Layout.fillWidth: true
                Words { text: qsTr("Name") }
                Field {
                    id: name
                    objectName: "presetName"
                    label: qsTr("Name")
                    placeholderText: qsTr("For example: Translator")
                    maximumLength: medley.presets.longestName
                    focus: true
                    Layout.fillWidth: true
                    Keys.onReturnPressed: if (sheet.fits && !inputMethodComposing) sheet.keep()
                }
            }
            MannerForm {
                id: form
                Layout.fillWidth: true
            }
            SheetRow {
                title: qsTr("Model")
                explanation: qsTr("That answers. Without one, a conversation keeps its own.")
                Choice {
                    id: model
                    objectName: "presetModel"
                    label: qsTr("Model")
                    implicitWidth: Theme.px(240)
                    chosen: ""
                    model: [{ value: "", text: qsTr("As the conversation has it") }].concat(sheet.withChosen(
                        sheet.visible ? medley.picker.choices().map((one) => ({ value: one.value, text: Format.bundle(one.text) })) : [],
                        sheet.given.bundle ?? ""))
                }
            }
            SheetRow {
                title: qsTr("Tools")
                explanation: qsTr("Whether the model may ask to use tools.")
                Choice {
                    id: tools
                    objectName: "presetTools"
                    label: qsTr("Tools")
                    implicitWidth: Theme.px(240)
                    chosen: "-1"
                    model: [
                        { value: "-1", text: qsTr("As in the settings") },
                        { value: "1", text: qsTr("On") },
                        { value: "0", text: qsTr("Off") }
                    ]
                }
            }
            SheetRow {
                title: qsTr("Voice")
                explanation: qsTr("That reads answers aloud.")
                Choice {
                    id: voice
                    objectName: "presetVoice"
                    label: qsTr("Voice")
                    implicitWidth: Theme.px(240)
                    chosen: ""
                    // Which voices there are is known once the speech process was asked.
                    popup.onAboutToShow: medley.talk.listDevices()
                    model: [{ value: "", text: qsTr("As in the settings") }].concat(sheet.withChosen(
                        medley.talk.voices.map((one) => ({ value: one, text: Format.voice(one) })), sheet.given.voice ?? ""))
                }
            }
        }
    }
    foot: [
        ActionButton {
            objectName: "keepPreset"
            text: qsTr("Save")
            primary: true
            enabled: sheet.fits
            onClicked: sheet.keep()
        },
        ActionButton {
            text: qsTr("Cancel")
            quiet: true
            onClicked: sheet.close()
        }
    ]
}
