// Code with its language and a button to copy it. Long lines scroll sideways.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Rectangle {
    id: block

    required property string text
    required property string plain
    required property string language
    required property bool continued
    required property Item row

    objectName: "codeBlock"
    width: row.room
    height: head.height + scroller.height + Theme.medium
    radius: Theme.radiusMedium
    color: Theme.colour.code
    border.width: Theme.hair
    border.color: Theme.colour.line
    Accessible.role: Accessible.Grouping
    Accessible.name: language === "" ? qsTr("Code") : qsTr("Code in %1").arg(language)

    Item {
        id: head
        visible: !block.continued
        width: parent.width
        height: block.continued ? Theme.medium : Theme.px(36)
        Words {
            text: block.language
            faint: true
            size: Theme.fontSmall
            anchors { left: parent.left; leftMargin: Theme.medium; verticalCenter: parent.verticalCenter }
        }
        IconButton {
            glyph: "copy"
            label: qsTr("Copy the code")
            size: Theme.px(28)
            glyphSize: Theme.px(16)
            reachable: block.row.current
            anchors { right: parent.right; rightMargin: Theme.tiny; verticalCenter: parent.verticalCenter }
            onClicked: medley.copyText(block.plain)
        }
    }
    Flickable {
        id: scroller
        anchors { left: parent.left; right: parent.right; top: head.bottom; leftMargin: Theme.medium; rightMargin: Theme.medium }
        height: code.implicitHeight + Theme.medium
        contentWidth: code.implicitWidth
        contentHeight: height
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        acceptedButtons: Qt.NoButton
        clip: true
        ScrollBar.horizontal: ThinScrollBar {}
        TextEdit {
            id: code
            text: block.text
            textFormat: TextEdit.RichText
            wrapMode: TextEdit.NoWrap
            readOnly: true
            selectByMouse: true
            selectByKeyboard: true
            activeFocusOnTab: block.row.current || Window.activeFocusItem === code
            color: Theme.colour.text
            selectionColor: Theme.colour.accent
            selectedTextColor: Theme.colour.accentInk
            font.family: Theme.mono
            font.pixelSize: Theme.px(13)
            Accessible.role: Accessible.StaticText
            Accessible.name: block.plain
        }
    }
}
