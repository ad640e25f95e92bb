// Narrows a search to one kind of medium.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Row {
    spacing: Theme.tiny

    Repeater {
        model: [
            { kind: "", glyph: "search", name: qsTr("All") },
            { kind: "image", glyph: "image", name: qsTr("With pictures") },
            { kind: "audio", glyph: "audio", name: qsTr("With sounds") },
            { kind: "video", glyph: "video", name: qsTr("With clips") },
            { kind: "document", glyph: "document", name: qsTr("With documents") }
        ]
        delegate: IconButton {
            required property var modelData
            glyph: modelData.glyph
            label: modelData.name
            size: Theme.px(30)
            checkable: true
            autoExclusive: true
            checked: medley.conversations.modalityFilter === modelData.kind
            Accessible.role: Accessible.RadioButton
            Accessible.checked: checked
            onClicked: medley.conversations.modalityFilter = modelData.kind
        }
    }
}
