// One conversation in the list: its title, and in a search the words that were found.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

ItemDelegate {
    id: row

    required property int index
    required property string conversationId
    required property string title
    required property bool pinned
    required property url thumbnail
    required property bool busy
    required property bool waiting
    required property string hit
    required property string hitMessageId
    property bool searching: false
    property bool renaming: false
    property bool chosen: false
    property bool pointed: false
    readonly property string shownTitle: title === "" ? qsTr("New conversation") : title
    readonly property bool inviting: (hovered || pointed || chosen) && !searching && !renaming

    signal activated()
    signal menuAsked(x: real, y: real)
    signal renameEnded()

    implicitHeight: Math.max(Theme.px(38), content.implicitHeight + 2 * Theme.tiny)
    leftPadding: Theme.small
    rightPadding: Theme.tiny
    topPadding: Theme.tiny
    bottomPadding: Theme.tiny
    focusPolicy: Qt.NoFocus
    text: shownTitle
    Accessible.name: waiting ? qsTr("%1, waits for your answer").arg(shownTitle) : busy ? qsTr("%1, being answered").arg(shownTitle) : shownTitle
    Accessible.role: Accessible.ListItem
    Accessible.selected: chosen
    Accessible.onPressAction: row.activated()
    onClicked: row.activated()

    onRenamingChanged: {
        nameField.focus = renaming;
        if (renaming) {
            nameField.text = title;
            nameField.forceActiveFocus();
            nameField.selectAll();
        }
    }

    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: (point) => row.menuAsked(point.position.x, point.position.y)
    }

    background: Rectangle {
        radius: Theme.radiusMedium
        color: row.chosen ? Theme.colour.soft : row.hovered ? Theme.colour.hover : "transparent"
        border.width: Theme.highContrast && row.chosen ? Theme.ring : 0
        border.color: Theme.colour.text
        FocusRing { shown: row.pointed; gap: -Theme.ring; corner: parent.radius }
    }

    contentItem: RowLayout {
        id: content
        spacing: Theme.tiny

        Glyph {
            objectName: "waitingMark"
            visible: row.waiting
            glyph: "question"
            size: Theme.px(16)
            color: Theme.colour.warning
        }
        Rectangle {
            visible: row.busy && !row.waiting
            implicitWidth: Theme.px(7)
            implicitHeight: implicitWidth
            radius: width / 2
            color: Theme.colour.accent
            Layout.alignment: Qt.AlignVCenter
            Layout.rightMargin: Theme.tiny
            SequentialAnimation on opacity {
                running: row.busy && Theme.moving
                loops: Animation.Infinite
                NumberAnimation { to: 0.3; duration: 700 }
                NumberAnimation { to: 1; duration: 700 }
            }
        }
        ColumnLayout {
            visible: !row.renaming
            spacing: Theme.px(2)
            Layout.fillWidth: true
            Words {
                text: row.shownTitle
                color: row.chosen ? Theme.colour.softInk : Theme.colour.text
                strong: row.chosen
                elide: Text.ElideRight
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Words {
                visible: row.hit !== ""
                text: row.hit
                textFormat: Text.StyledText
                faint: true
                size: Theme.fontSmall
                maximumLineCount: 2
                elide: Text.ElideRight
                Layout.fillWidth: true
                Accessible.ignored: true
            }
        }
        Field {
            id: nameField
            visible: row.renaming
            label: qsTr("Name of the conversation")
            implicitHeight: Theme.px(30)
            leftPadding: Theme.small
            Layout.fillWidth: true
            function keep() {
                if (inputMethodComposing)
                    return;
                medley.conversations.rename(row.conversationId, text.trim());
                row.renameEnded();
            }
            Keys.onReturnPressed: keep()
            Keys.onEnterPressed: keep()
            Keys.onShortcutOverride: (event) => event.accepted = event.key === Qt.Key_Escape
            Keys.onEscapePressed: row.renameEnded()
            onActiveFocusChanged: if (!activeFocus && row.renaming) row.renameEnded()
        }
        Item {
            visible: row.searching && row.thumbnail.toString() !== ""
            implicitWidth: Theme.px(36)
            implicitHeight: implicitWidth
            PictureView {
                anchors.fill: parent
                source: parent.visible ? row.thumbnail : ""
                crop: true
            }
            CornerMask {
                behind: row.chosen ? Theme.colour.soft : row.hovered ? Theme.colour.hover : Theme.colour.sidebar
                corner: Theme.radiusSmall
            }
        }
        Glyph {
            visible: row.pinned && row.searching
            glyph: "pin"
            size: Theme.px(14)
        }
        IconButton {
            objectName: row.chosen ? "conversationDelete" : ""
            visible: row.inviting
            glyph: "trash"
            label: qsTr("Delete “%1”").arg(row.shownTitle)
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: row.pointed || row.chosen
            onClicked: medley.conversations.remove(row.conversationId)
        }
        IconButton {
            id: more
            visible: row.inviting
            glyph: "more"
            label: qsTr("More for “%1”").arg(row.shownTitle)
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: row.pointed || row.chosen
            onClicked: row.menuAsked(more.x, more.y + more.height)
        }
    }
}
