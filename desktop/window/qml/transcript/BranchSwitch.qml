// Which of several versions of a message is shown.
import QtQuick
import "../controls"
import "../theme"

Row {
    id: control

    required property Item row

    spacing: 0
    IconButton {
        objectName: "branchPrevious"
        glyph: "left"
        label: qsTr("Earlier version")
        size: Theme.px(28)
        glyphSize: Theme.px(16)
        enabled: control.row.branchIndex > 0
        reachable: control.row.current || control.row.last
        onClicked: medley.transcript.chooseBranch(control.row.messageId, control.row.branchIndex - 1)
    }
    Words {
        height: Theme.px(28)
        verticalAlignment: Text.AlignVCenter
        text: qsTr("%1 / %2").arg(control.row.branchIndex + 1).arg(control.row.branchCount)
        faint: true
        size: Theme.fontSmall
        Accessible.name: qsTr("Version %1 of %2").arg(control.row.branchIndex + 1).arg(control.row.branchCount)
    }
    IconButton {
        objectName: "branchNext"
        glyph: "right"
        label: qsTr("Later version")
        size: Theme.px(28)
        glyphSize: Theme.px(16)
        enabled: control.row.branchIndex < control.row.branchCount - 1
        reachable: control.row.current || control.row.last
        onClicked: medley.transcript.chooseBranch(control.row.messageId, control.row.branchIndex + 1)
    }
}
