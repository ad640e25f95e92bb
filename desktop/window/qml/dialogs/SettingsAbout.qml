// Version, keys, licences, and the way back to the defaults.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../switcher"
import "../theme"

ColumnLayout {
    id: page

    required property Commands commands
    readonly property var keys: [
        ...commands.all.filter((one) => one.keys !== undefined).map((one) => [one.keys.map(commands.shown).join(", "), one.title]),
        ["F8", qsTr("Talk while it is held")],
        ["F2, Delete", qsTr("Rename or delete the conversation in the list")],
        ["Esc", qsTr("Stop answering, or close")]
    ]

    spacing: Theme.medium

    RowLayout {
        spacing: Theme.medium
        Image {
            source: Theme.glyph("mark")
            sourceSize: Qt.size(Theme.px(40), Theme.px(40))
            Accessible.ignored: true
        }
        ColumnLayout {
            spacing: Theme.px(2)
            Layout.fillWidth: true
            Words {
                text: qsTr("Medley %1").arg(medley.version)
                strong: true
                size: Theme.px(16)
            }
            Words {
                text: qsTr("Licensed under Apache 2.0. The letters are Inter, under the SIL Open Font License.")
                faint: true
                size: Theme.fontSmall
                Layout.fillWidth: true
            }
        }
    }
    Words {
        text: qsTr("Keys")
        strong: true
        Layout.topMargin: Theme.medium
        Accessible.role: Accessible.Heading
    }
    Repeater {
        model: page.keys
        delegate: RowLayout {
            id: line
            required property var modelData
            spacing: Theme.medium
            Words {
                text: line.modelData[0]
                size: Theme.px(13)
                Layout.preferredWidth: Theme.px(120)
                Layout.alignment: Qt.AlignTop
            }
            Words {
                text: line.modelData[1]
                faint: true
                size: Theme.px(13)
                Layout.fillWidth: true
            }
        }
    }
    ActionButton {
        text: qsTr("Set all settings back")
        glyph: "undo"
        objectName: "resetSettings"
        Layout.topMargin: Theme.large
        onClicked: sure.active ? sure.item.open() : (sure.active = true)
    }
    Loader {
        id: sure
        active: false
        visible: false
        onLoaded: item.open()
        sourceComponent: Sheet {
            id: question
            objectName: "resetQuestion"
            title: qsTr("Set all settings back?")
            wish: Theme.px(440)
            footed: true
            contentItem: Words {
                text: qsTr("Theme, language, size, engine and all others are as they were at first. Conversations, models and the bundle stay.")
                lineHeight: 1.3
            }
            foot: [
                ActionButton {
                    objectName: "resetSure"
                    text: qsTr("Set them back")
                    primary: true
                    danger: true
                    onClicked: {
                        question.close();
                        medley.settings.reset();
                    }
                },
                ActionButton {
                    text: qsTr("Cancel")
                    quiet: true
                    focus: true
                    onClicked: question.close()
                }
            ]
        }
    }
}
