// What a model thought before its words: one line that opens.
import QtQuick
import "../controls"
import "../theme"

Column {
    id: thinking

    required property var model
    required property Item row
    property bool shown: false

    readonly property string told: model.text === "thinking" ? qsTr("Thinking …")
        : model.number < 0 ? qsTr("Began to think")
        : model.number < 1 ? qsTr("Thought for a moment")
        : model.text === "cut" ? qsTr("Thought for %1 s, then was asked to answer").arg(model.number)
        : qsTr("Thought for %1 s").arg(model.number)

    width: row.room
    spacing: Theme.small

    ActionButton {
        objectName: "thinkingButton"
        quiet: true
        implicitHeight: Theme.px(28)
        leftPadding: 0
        font.pixelSize: Theme.fontSmall
        ink: Theme.colour.muted
        glyph: thinking.shown ? "down" : "right"
        text: thinking.told
        reachable: thinking.row.current || thinking.row.last
        Accessible.name: thinking.shown ? qsTr("%1. Hide what was thought").arg(thinking.told)
                                        : qsTr("%1. Show what was thought").arg(thinking.told)
        onClicked: thinking.shown = !thinking.shown
    }
    Loader {
        active: thinking.shown
        visible: active
        width: parent.width
        sourceComponent: Row {
            spacing: Theme.medium
            Rectangle {
                width: Theme.px(3)
                height: thought.height
                radius: width / 2
                color: Theme.colour.outline
            }
            Words {
                id: thought

                objectName: "thinkingWords"
                width: thinking.width - Theme.px(3) - Theme.medium
                faint: true
                size: Theme.fontBody
                lineHeight: 1.4
                text: thinking.model.plain
                Accessible.description: qsTr("Thought before the answer")
            }
        }
    }
}
