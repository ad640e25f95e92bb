// Takes files that are dropped anywhere on the window.
import QtQuick
import "../controls"
import "../theme"

DropArea {
    id: zone

    onEntered: (drag) => drag.accepted = drag.hasUrls
    onDropped: (drop) => {
        if (!drop.hasUrls)
            return;
        medley.composer.addFiles(drop.urls);
        drop.accept(Qt.CopyAction);
    }

    Rectangle {
        visible: zone.containsDrag
        anchors.fill: parent
        color: Theme.colour.window
        opacity: 0.92
    }
    Rectangle {
        visible: zone.containsDrag
        anchors { fill: parent; margins: Theme.large }
        radius: Theme.radiusLarge
        color: "transparent"
        border.width: Theme.ring
        border.color: Theme.colour.accent
        Column {
            anchors.centerIn: parent
            spacing: Theme.medium
            Glyph {
                glyph: "drop"
                size: Theme.px(40)
                color: Theme.colour.accent
                anchors.horizontalCenter: parent.horizontalCenter
            }
            Words {
                text: qsTr("Drop files to attach them")
                strong: true
                size: Theme.fontTitle
                anchors.horizontalCenter: parent.horizontalCenter
            }
            Words {
                text: qsTr("Pictures, sounds, clips and documents; a model is added to your models")
                faint: true
                anchors.horizontalCenter: parent.horizontalCenter
            }
        }
    }
}
