// How answers are made: what the model is told about its task, whether it thinks before its answers,
// how freely it chooses its words, and how long its answers may be.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../dialogs"
import "../theme"

ColumnLayout {
    id: form

    readonly property bool own: temperature.checked
    readonly property int wanted: length.currentValue === "own" ? Number(tokens.text) || 0 : Number(length.currentValue) || 0
    readonly property bool fits: system.length <= medley.manner.longest && (length.currentValue !== "own" || tokens.acceptableInput)

    // Show values; numbers below 0, a length of 0 and an empty text are the model's own.
    function take(values: var) {
        system.text = values.system;
        temperature.checked = values.temperature >= 0;
        warmth.value = values.temperature >= 0 ? values.temperature : 0.7;
        likeliest.checked = values.topP > 0;
        share.value = values.topP > 0 ? values.topP : 0.9;
        length.take(values.maxNewTokens);
        think.checked = values.think;
    }
    // What is shown, in the same way.
    function values(): var {
        return {
            system: system.text, think: think.checked, maxNewTokens: wanted,
            temperature: own ? Math.round(warmth.value * 10) / 10 : -1,
            topP: likeliest.checked ? Math.round(share.value * 100) / 100 : -1
        };
    }
    function clear() {
        take({ system: "", temperature: -1, topP: -1, maxNewTokens: 0, think: false });
    }

    spacing: Theme.large

    ColumnLayout {
        spacing: Theme.tiny
        Layout.fillWidth: true
        Words {
            text: qsTr("What Medley is told before it answers")
            Layout.fillWidth: true
        }
        Words {
            text: medley.manner.takesSystem
                ? qsTr("For example: answer in rhymes; you are a patient teacher; keep to three sentences. Left empty, it is what the bundle says.")
                : qsTr("%1 cannot be told anything: it refuses to answer where there is something here. Choose another model, or leave this empty.").arg(Format.bundle(medley.picker.title))
            faint: medley.manner.takesSystem
            color: faint ? Theme.colour.muted : Theme.colour.warning
            size: Theme.fontSmall
            lineHeight: 1.25
            Layout.fillWidth: true
        }
        ScrollView {
            id: around
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.px(150)
            Layout.topMargin: Theme.tiny
            ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
            TextArea {
                id: system
                objectName: "systemText"
                wrapMode: TextArea.Wrap
                padding: Theme.medium
                font.pixelSize: Theme.fontUi
                color: Theme.colour.text
                placeholderText: medley.manner.usual
                placeholderTextColor: Theme.colour.muted
                selectionColor: Theme.colour.accent
                selectedTextColor: Theme.colour.accentInk
                focus: true
                KeyNavigation.priority: KeyNavigation.BeforeItem
                KeyNavigation.tab: temperature
                Accessible.name: qsTr("What Medley is told before it answers")
                background: Rectangle {
                    radius: Theme.radiusMedium
                    color: Theme.colour.surface
                    border.width: system.activeFocus ? Theme.ring : Theme.hair
                    border.color: system.activeFocus ? Theme.colour.focus : Theme.colour.outline
                }
            }
        }
    }
    SheetRow {
        visible: medley.manner.mayThink
        title: qsTr("Think first")
        explanation: qsTr("The model thinks before each answer, which often makes it better and takes longer. What it thought can be opened above the answer.")
        Toggle {
            id: think
            objectName: "thinkFirst"
            label: qsTr("Think first")
        }
    }
    SheetRow {
        title: qsTr("A temperature of its own")
        explanation: qsTr("Low is steady and plain, high is varied and bold. The model's own is %1.").arg(Format.decimal(medley.manner.usualTemperature, 1))
        Toggle {
            id: temperature
            objectName: "ownTemperature"
            label: qsTr("A temperature of its own")
        }
        Track {
            id: warmth
            objectName: "temperature"
            label: qsTr("Temperature")
            visible: form.own
            from: 0
            to: medley.manner.warmest
            stepSize: 0.1
            snapMode: Slider.SnapAlways
            implicitWidth: Theme.px(150)
        }
        Words {
            visible: form.own
            text: Format.decimal(warmth.value, 1)
            faint: true
            horizontalAlignment: Text.AlignRight
            Layout.preferredWidth: Theme.px(32)
        }
    }
    SheetRow {
        title: qsTr("Only the likeliest words (top-p)")
        explanation: qsTr("A small share leaves out what is unlikely. The model's own is %1.").arg(Format.decimal(medley.manner.usualTopP, 2))
        Toggle {
            id: likeliest
            objectName: "ownTopP"
            label: qsTr("Only the likeliest words (top-p)")
        }
        Track {
            id: share
            objectName: "topP"
            label: qsTr("Share of the likeliest words")
            visible: likeliest.checked
            from: 0.05
            to: 1
            stepSize: 0.05
            snapMode: Slider.SnapAlways
            implicitWidth: Theme.px(150)
        }
        Words {
            visible: likeliest.checked
            text: Format.decimal(share.value, 2)
            faint: true
            horizontalAlignment: Text.AlignRight
            Layout.preferredWidth: Theme.px(32)
        }
    }
    SheetRow {
        title: qsTr("The longest answer")
        explanation: medley.manner.usualLength > 0
            ? qsTr("A longer one is cut there. The model's own is %1 tokens, and it reads %2 at once, questions and answers together.").arg(Format.count(medley.manner.usualLength)).arg(Format.count(medley.manner.context))
            : qsTr("A longer one is cut there.")
        LengthChoice {
            id: length
            onNumberAsked: (number) => tokens.text = number > 0 ? number : 512
        }
        Field {
            id: tokens
            objectName: "ownLength"
            visible: length.currentValue === "own"
            label: qsTr("Tokens of the longest answer")
            inputMethodHints: Qt.ImhDigitsOnly
            validator: IntValidator { bottom: 1; top: medley.manner.longestAnswer }
            implicitWidth: Theme.px(90)
        }
    }
}
