// The bundles on this machine: choose one, verify one, add one.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    signal addAsked()

    onOpened: medley.bundles.watched = true
    onClosed: medley.bundles.watched = false

    objectName: "bundleChooser"
    title: qsTr("Bundles")
    wish: Theme.px(640)
    footed: true

    contentItem: ColumnLayout {
        spacing: Theme.medium
        Words {
            text: qsTr("A bundle is a folder with a language model, an encoder and decoders. It decides what Medley knows and what it can make.")
            faint: true
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        ListView {
            id: list
            implicitHeight: Math.max(Theme.px(160), Math.min(contentHeight, Theme.px(460)))
            clip: true
            spacing: Theme.medium
            model: medley.bundles
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Accessible.role: Accessible.List
            Accessible.name: sheet.title
            ScrollBar.vertical: ThinScrollBar {}
            delegate: BundleCard {
                width: list.width - (list.contentHeight > list.height ? Theme.medium : 0)
                pointed: ListView.isCurrentItem && list.activeFocus
                onChosen: medley.bundles.choose(name)
            }
        }
    }
    foot: ActionButton {
        text: qsTr("Add a folder …")
        glyph: "folder"
        onClicked: sheet.addAsked()
    }
}
