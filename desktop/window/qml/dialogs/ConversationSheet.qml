// How this conversation is answered: what the model is told about its task, and how freely it chooses.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    readonly property bool own: temperature.checked

    objectName: "conversationSheet"
    title: qsTr("This conversation")
    wish: Theme.px(560)
    footed: true

    onAboutToShow: {
        medley.manner.look();
        system.text = medley.manner.system;
        temperature.checked = medley.manner.temperature >= 0;
        warmth.value = medley.manner.temperature >= 0 ? medley.manner.temperature : 0.7;
    }

    contentItem: Scroller {
        id: scroller
        implicitHeight: form.implicitHeight
        ColumnLayout {
            id: form
            width: scroller.availableWidth
            spacing: Theme.large

            ColumnLayout {
                spacing: Theme.tiny
                Layout.fillWidth: true
                Words {
                    text: qsTr("What Medley is told before it answers")
                    Layout.fillWidth: true
                }
                Words {
                    text: qsTr("For example: answer in rhymes; you are a patient teacher; keep to three sentences. Left empty, it is what the bundle says.")
                    faint: true
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
                title: qsTr("A temperature of its own")
                explanation: qsTr("Low is steady and plain, high is varied and bold.")
                Toggle {
                    id: temperature
                    objectName: "ownTemperature"
                    label: qsTr("A temperature of its own")
                }
                Track {
                    id: warmth
                    objectName: "temperature"
                    label: qsTr("Temperature")
                    visible: sheet.own
                    from: 0
                    to: medley.manner.warmest
                    stepSize: 0.1
                    snapMode: Slider.SnapAlways
                    implicitWidth: Theme.px(150)
                }
                Words {
                    visible: sheet.own
                    text: Format.decimal(warmth.value, 1)
                    faint: true
                    horizontalAlignment: Text.AlignRight
                    Layout.preferredWidth: Theme.px(32)
                }
            }
        }
    }
    foot: [
        ActionButton {
            objectName: "saveManner"
            text: qsTr("Use from the next answer on")
            primary: true
            enabled: system.length <= medley.manner.longest
            onClicked: {
                medley.manner.save(system.text, sheet.own ? Math.round(warmth.value * 10) / 10 : -1);
                sheet.close();
            }
        },
        ActionButton {
            text: qsTr("As the bundle has it")
            quiet: true
            onClicked: {
                system.text = "";
                temperature.checked = false;
            }
        }
    ]
}
