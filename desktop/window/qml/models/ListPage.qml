// All bundles and added models on this computer: what each takes, whether it is whole, removing.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    readonly property QtObject listing: medley.ownModels.listing

    signal done()

    objectName: "listPage"
    spacing: Theme.medium

    RowLayout {
        visible: page.listing.removed !== "" || page.listing.problem !== "" || page.listing.returning
        spacing: Theme.small
        Layout.fillWidth: true
        Words {
            objectName: "removedLine"
            text: page.listing.problem !== "" ? Format.sentence(page.listing.problem)
                : page.listing.returning ? qsTr("Putting %1 back …").arg(page.listing.removed)
                : qsTr("%1 was removed. Your own files are where they were.").arg(page.listing.removed)
            color: page.listing.problem !== "" ? Theme.colour.danger : Theme.colour.text
            lineHeight: 1.3
            Layout.fillWidth: true
            Accessible.role: Accessible.AlertMessage
        }
        ActionButton {
            objectName: "undoRemoval"
            visible: page.listing.undoable && !page.listing.returning
            text: qsTr("Undo")
            glyph: "undo"
            onClicked: page.listing.undo()
        }
        IconButton {
            glyph: "close"
            label: qsTr("Dismiss")
            onClicked: page.listing.dismiss()
        }
    }
    ListView {
        id: list

        objectName: "ownList"
        model: page.listing
        clip: true
        spacing: Theme.medium
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        highlightMoveDuration: 0
        Layout.fillWidth: true
        Layout.fillHeight: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Bundles and models")
        ScrollBar.vertical: ThinScrollBar {}
        delegate: OwnCard {
            width: list.width - (list.contentHeight > list.height ? Theme.medium : 0)
            pointed: ListView.isCurrentItem && list.activeFocus
            onDone: page.done()
        }
    }
}
