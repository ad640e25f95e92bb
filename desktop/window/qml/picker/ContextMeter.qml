// How much of what the model can read at once this conversation fills.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../theme"

Item {
    id: meter

    property bool roomy: true
    readonly property int percent: Math.round(100 * medley.context.share)
    readonly property color tint: medley.context.near ? Theme.colour.warning : Theme.colour.accent
    readonly property string words: [
        medley.context.estimated
            ? qsTr("This conversation fills about %1 % of what %2 can read at once: some %3 of %4 tokens.")
                  .arg(percent).arg(Format.bundle(medley.picker.title)).arg(Format.count(medley.context.used)).arg(Format.count(medley.context.size))
            : qsTr("This conversation fills %1 % of what the model can read at once: %2 of %3 tokens.")
                  .arg(percent).arg(Format.count(medley.context.used)).arg(Format.count(medley.context.size)),
        medley.context.dropped > 0 ? qsTr("The oldest messages (%1) are left out already.").arg(medley.context.dropped)
            : medley.context.near ? qsTr("Soon the oldest messages will be left out.") : ""
    ].filter((sentence) => sentence !== "").join(" ")

    objectName: "contextMeter"
    implicitWidth: row.implicitWidth + 2 * Theme.small
    implicitHeight: Theme.px(28)
    activeFocusOnTab: true
    Accessible.role: Accessible.ProgressBar
    Accessible.name: qsTr("Context: %1 %").arg(percent)
    Accessible.description: words
    ToolTip.text: words
    ToolTip.delay: 400
    ToolTip.visible: hover.hovered || meter.activeFocus

    HoverHandler { id: hover }
    FocusRing { shown: meter.activeFocus; gap: -Theme.ring; corner: Theme.radiusSmall }

    Row {
        id: row
        anchors.centerIn: parent
        spacing: Theme.small

        Words {
            visible: meter.roomy
            text: medley.context.near && medley.context.dropped > 0 ? qsTr("Context full")
                : medley.context.near ? qsTr("Context nearly full") : qsTr("Context")
            size: Theme.fontSmall
            color: medley.context.near ? Theme.colour.warning : Theme.colour.muted
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
        Rectangle {
            width: Theme.px(56)
            height: Theme.px(6)
            radius: height / 2
            color: Theme.colour.pressed
            border.width: Theme.highContrast ? Theme.hair : 0
            border.color: Theme.colour.outline
            anchors.verticalCenter: parent.verticalCenter
            Rectangle {
                width: Math.max(parent.radius * 2, medley.context.share * parent.width)
                height: parent.height
                radius: parent.radius
                color: meter.tint
            }
        }
        Words {
            text: qsTr("%1 %").arg(meter.percent)
            size: Theme.fontSmall
            color: medley.context.near ? Theme.colour.warning : Theme.colour.muted
            anchors.verticalCenter: parent.verticalCenter
            Accessible.ignored: true
        }
    }
}
