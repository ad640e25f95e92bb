// A conversation without messages.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Flickable {
    id: page

    signal asked()

    contentHeight: Math.max(height, content.implicitHeight + 2 * Theme.wide)
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    ScrollBar.vertical: ThinScrollBar {}

    FollowFocus { view: page }

    component Key: RowLayout {
        id: entry
        property string keys
        property string meaning
        spacing: Theme.small
        Rectangle {
            implicitWidth: keysWords.implicitWidth + 2 * Theme.small
            implicitHeight: keysWords.implicitHeight + Theme.tiny
            radius: Theme.radiusSmall
            color: Theme.colour.hover
            border.width: Theme.highContrast ? Theme.hair : 0
            border.color: Theme.colour.outline
            Words {
                id: keysWords
                text: entry.keys
                size: Theme.fontSmall
                anchors.centerIn: parent
            }
        }
        Words {
            text: entry.meaning
            faint: true
            size: Theme.fontSmall
        }
    }

    ColumnLayout {
        id: content
        anchors.centerIn: parent
        width: Math.min(page.width - 2 * Theme.wide, Theme.px(680))
        spacing: Theme.wide

        Words {
            text: qsTr("What shall it be?")
            strong: true
            size: Theme.fontDisplay
            horizontalAlignment: Text.AlignHCenter
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
        }
        PromptGrid {
            visible: medley.picker.pocket || medley.picker.starter
            Layout.fillWidth: true
            onAsked: page.asked()
        }
        StarterOffer {
            Layout.fillWidth: true
        }
        Flow {
            id: keys
            spacing: Theme.large
            Layout.alignment: Qt.AlignHCenter
            Layout.maximumWidth: content.width
            Key { keys: "Enter"; meaning: qsTr("send") }
            Key { keys: "Shift+Enter"; meaning: qsTr("new line") }
            Key { keys: "Ctrl+V"; meaning: qsTr("paste a picture") }
            Key { keys: "Ctrl+K"; meaning: qsTr("go to anything") }
        }
    }
}
