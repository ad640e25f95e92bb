// One row of the switcher.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: line

    required property int index
    required property string kind
    required property string title
    required property string plain
    required property string detail
    required property string glyph
    required property string keys
    required property bool chosen
    required property real time
    property bool pointed: false
    readonly property string called: kind === "model" ? Format.bundle(plain) : plain === "" ? qsTr("New conversation") : plain
    // What the row does with Ctrl held.
    readonly property string other: kind === "preset" ? qsTr("Ctrl+Enter: for this conversation")
        : kind === "model" ? qsTr("Ctrl+Enter: in a new conversation")
        : kind === "ask" ? qsTr("Ctrl+Enter: in this conversation") : ""
    readonly property string spokenKind: kind === "conversation" ? qsTr("Conversation") : kind === "command" ? qsTr("Command")
        : kind === "preset" ? qsTr("Preset") : kind === "model" ? qsTr("Model") : kind === "message" ? qsTr("Message") : qsTr("Ask")

    signal taken(second: bool)

    implicitHeight: Math.max(Theme.px(36), content.implicitHeight + Theme.small)
    Accessible.role: Accessible.ListItem
    Accessible.name: chosen ? qsTr("%1: %2, chosen").arg(spokenKind).arg(called) : qsTr("%1: %2").arg(spokenKind).arg(called)
    Accessible.description: keys
    Accessible.selected: pointed
    Accessible.onPressAction: line.taken(false)

    Rectangle {
        anchors.fill: parent
        radius: Theme.radiusMedium
        color: line.pointed ? Theme.colour.soft : hover.hovered ? Theme.colour.hover : "transparent"
        border.width: line.pointed && Theme.highContrast ? Theme.ring : 0
        border.color: Theme.colour.focus
    }
    HoverHandler { id: hover; cursorShape: Qt.PointingHandCursor }
    TapHandler { onTapped: (point) => line.taken((point.modifiers & Qt.ControlModifier) !== 0) }

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: Theme.small; rightMargin: Theme.small }
        spacing: Theme.small

        Glyph {
            glyph: line.chosen ? "check" : line.glyph
            color: line.pointed ? Theme.colour.softInk : Theme.colour.muted
            Layout.alignment: Qt.AlignVCenter
        }
        ColumnLayout {
            spacing: 0
            Layout.fillWidth: true
            Words {
                text: line.kind === "ask" ? qsTr("Ask: %1").arg(line.title) : line.kind === "model" ? Format.bundle(line.title) : line.title === "" ? line.called : line.title
                textFormat: Text.StyledText
                color: line.pointed ? Theme.colour.softInk : Theme.colour.text
                elide: Text.ElideRight
                maximumLineCount: 1
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Words {
                visible: line.detail !== ""
                text: line.detail
                textFormat: Text.StyledText
                faint: !line.pointed
                color: line.pointed ? Theme.colour.softInk : Theme.colour.muted
                size: Theme.fontSmall
                elide: Text.ElideRight
                maximumLineCount: 1
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
        Words {
            visible: text !== ""
            text: line.keys !== "" ? line.keys : line.time > 0 ? Format.day(line.time) : ""
            color: line.pointed ? Theme.colour.softInk : Theme.colour.muted
            size: Theme.fontSmall
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }
    }
}
