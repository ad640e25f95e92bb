// What the rows below it are.
import QtQuick
import "../controls"
import "../theme"

Words {
    readonly property string kind: section

    width: ListView.view ? ListView.view.width : implicitWidth
    text: kind === "conversations" ? qsTr("Conversations") : kind === "commands" ? qsTr("Commands")
        : kind === "presets" ? qsTr("Presets") : kind === "models" ? qsTr("Models")
        : kind === "messages" ? qsTr("In messages") : qsTr("Ask")
    faint: true
    strong: true
    size: Theme.fontSmall
    leftPadding: Theme.small
    topPadding: Theme.small
    bottomPadding: Theme.tiny
    Accessible.role: Accessible.Heading
}
