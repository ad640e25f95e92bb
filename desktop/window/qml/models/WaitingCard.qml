// Something that takes a while: what it is, how far, and how to stop it.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: card

    required property string label
    property string detail: ""
    // 0 to 1; less than 0 where nobody knows.
    property real share: -1
    property string stop: qsTr("Cancel")

    signal cancelled()

    spacing: Theme.small

    Words {
        text: card.share < 0 ? card.label : qsTr("%1 %2 %").arg(card.label).arg(Math.floor(100 * card.share))
        Layout.fillWidth: true
    }
    ProgressLine {
        label: card.label
        indeterminate: card.share < 0
        value: Math.max(0, card.share)
        Layout.fillWidth: true
    }
    Words {
        visible: text !== ""
        text: card.detail
        faint: true
        size: Theme.fontSmall
        elide: Text.ElideMiddle
        wrapMode: Text.NoWrap
        Layout.fillWidth: true
    }
    ActionButton {
        objectName: "stopWaiting"
        text: card.stop
        onClicked: card.cancelled()
    }
}
