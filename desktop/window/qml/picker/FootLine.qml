// Under the composer: which model answers, and how full its context is.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

RowLayout {
    id: line

    readonly property Item modelPart: button

    signal modelsAsked(anchor: Item)

    function openModels() {
        line.modelsAsked(button);
    }

    spacing: Theme.small

    ModelButton {
        id: button
        Layout.maximumWidth: line.width - (meter.visible ? meter.implicitWidth + line.spacing : 0)
        onClicked: line.openModels()
    }
    Item { Layout.fillWidth: true }
    ContextMeter {
        id: meter
        visible: medley.context.known
        roomy: line.width > Theme.px(360)
    }
}
