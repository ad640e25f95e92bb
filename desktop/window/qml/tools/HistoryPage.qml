// What tools did: when, with what, by whose leave, and in which conversation.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    signal messageAsked(conversationId: string, messageId: string)

    function leave(decision: string): string {
        return decision === "unasked" ? qsTr("without asking, it touches nothing") : decision === "once" ? qsTr("allowed once")
             : decision === "always" ? qsTr("always allowed") : decision === "never" ? qsTr("never allowed") : qsTr("not allowed");
    }

    objectName: "historyPage"
    spacing: Theme.medium

    Field {
        objectName: "historySearch"
        label: qsTr("Search in what was done")
        placeholderText: qsTr("Search")
        glyph: "search"
        text: medley.tools.history.query
        Layout.fillWidth: true
        onTextEdited: medley.tools.history.query = text
    }
    CardList {
        id: list
        objectName: "historyList"
        label: qsTr("What was done")
        model: medley.tools.history
        Layout.fillWidth: true
        Layout.fillHeight: true
        delegate: LineCard {
            id: line

            required property string server
            required property string tool
            required property string main
            required property string arguments
            required property string decision
            // The word `state` is the item's own.
            required property var model
            required property real time
            required property real seconds
            required property string conversationId
            required property string messageId
            readonly property string stand: model.state

            width: list.room
            pointed: ListView.isCurrentItem && list.activeFocus
            title: [ToolWords.name(server, tool, ""), main].filter((word) => word !== "").join(": ")
            told: [Format.date(time), ToolWords.state(stand), page.leave(decision),
                   seconds >= 0.05 ? Format.seconds(seconds) : "", server === "medley" ? "" : server, model.title].filter((word) => word !== "").join("  ·  ")
            glyph: ToolWords.stateGlyph(stand)
            tint: stand === "done" ? Theme.colour.good : stand === "failed" ? Theme.colour.danger : Theme.colour.muted
            IconButton {
                objectName: "goTo"
                visible: line.messageId !== ""
                glyph: "right"
                label: qsTr("Show it in its conversation")
                onClicked: page.messageAsked(line.conversationId, line.messageId)
            }
        }
        EmptyWords {
            visible: list.count === 0
            width: parent.width
            text: medley.tools.history.query === "" ? qsTr("No tool was asked for yet.") : qsTr("Nothing fits these words.")
        }
    }
}
