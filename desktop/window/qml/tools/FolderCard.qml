// A granted folder: whether tools may write there, and withdrawing it.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

LineCard {
    id: card

    required property int folderId
    required property string shown
    required property string name
    required property bool writable
    required property bool everywhere

    signal accessChosen(writes: bool)
    signal withdrawn()

    title: name
    told: shown
    glyph: "folder"
    Choice {
        objectName: "folderAccess"
        label: qsTr("What tools may do in %1").arg(card.name)
        implicitWidth: Theme.px(150)
        model: [{ value: "read", text: qsTr("Read") }, { value: "write", text: qsTr("Read and write") }]
        chosen: card.writable ? "write" : "read"
        onActivated: card.accessChosen(currentValue === "write")
    }
    IconButton {
        objectName: "withdraw"
        glyph: "close"
        label: qsTr("Withdraw %1").arg(card.name)
        onClicked: card.withdrawn()
    }
}
