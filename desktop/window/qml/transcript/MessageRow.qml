// One message: a person's in a bubble on the right, the assistant's plainly on the left.
import QtQuick
import QtQml.Models
import "../controls"
import "../theme"
import "../tools"

FocusScope {
    id: message

    required property int index
    required property string messageId
    required property string role
    required property string status
    required property bool loaded
    required property int estimatedHeight
    required property var blocks
    required property string plain
    required property int branchIndex
    required property int branchCount
    required property bool last
    required property string model
    // Name of the other computer that made it; empty is this one.
    required property string place
    required property Item transcript
    property bool current: false

    readonly property bool mine: role === "user"
    readonly property bool editing: mine && transcript.editing !== "" && transcript.editing === messageId
    readonly property int room: Math.min(width - 2 * Theme.large, Theme.column)
    readonly property bool inviting: hover.hovered || current || last
    readonly property bool ended: status === "complete" || status === "stopped" || status === "failed"

    // A stop of its own while it is chosen, so that Tab goes on into it.
    activeFocusOnTab: current || Window.activeFocusItem === message
    implicitHeight: loaded ? content.implicitHeight : Theme.px(estimatedHeight)
    Accessible.role: Accessible.ListItem
    Accessible.name: (mine ? qsTr("You: %1") : qsTr("Medley: %1")).arg(plain)

    HoverHandler { id: hover }

    FocusRing {
        shown: message.current && message.Window.activeFocusItem === message
        anchors.fill: content
        anchors.margins: -Theme.small
    }

    Rectangle {
        visible: !message.loaded
        anchors.horizontalCenter: parent.horizontalCenter
        width: message.room
        height: parent.height
        radius: Theme.radiusMedium
        color: Theme.colour.hover
        opacity: 0.5
    }

    Column {
        id: content

        visible: message.loaded
        anchors.horizontalCenter: parent.horizontalCenter
        width: message.room
        spacing: Theme.medium

        // Media stay where they are while the words are written anew.
        Repeater {
            model: message.loaded ? message.blocks : null
            delegate: DelegateChooser {
                role: "kind"
                DelegateChoice { roleValue: "text"; TextBlock { row: message; visible: !message.editing } }
                DelegateChoice { roleValue: "code"; CodeBlock { row: message; visible: !message.editing } }
                DelegateChoice { roleValue: "media"; MediaBlock { row: message } }
                DelegateChoice { roleValue: "rendering"; RenderingCard { row: message } }
                DelegateChoice { roleValue: "error"; ErrorCard { row: message; visible: !message.editing } }
                DelegateChoice { roleValue: "note"; NoteLine { row: message; visible: !message.editing } }
                DelegateChoice { roleValue: "thinking"; ThinkingWords { row: message } }
                DelegateChoice { roleValue: "tool"; ToolCard { row: message } }
                DelegateChoice { roleValue: "unheard"; UnheardWords { row: message; visible: !message.editing } }
                DelegateChoice { roleValue: "more"; MoreLine { row: message; visible: !message.editing } }
            }
        }

        WaitingLine { visible: message.status === "waiting" }

        Loader {
            active: message.editing
            visible: active
            width: parent.width
            sourceComponent: EditMessage {
                text: message.transcript.editingText
                onTextChanged: message.transcript.editingText = text
                onCancelled: message.transcript.editing = ""
                onResent: {
                    message.transcript.editing = "";
                    medley.transcript.editAndResend(message.messageId, message.transcript.editingText);
                }
            }
        }

        Loader {
            active: message.loaded && !message.editing && (message.ended || message.branchCount > 1)
            visible: active
            height: Theme.px(28)
            width: parent.width
            sourceComponent: MessageActions { row: message }
        }
    }
}
