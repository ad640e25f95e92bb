// Folders that the tools of every conversation may reach into.
import QtQuick
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    signal folderAsked(done: var)

    objectName: "foldersPage"
    spacing: Theme.medium

    Words {
        text: qsTr("Tools see no file outside the folders that you grant. Those here hold for every conversation; a folder for one conversation alone is granted under its tools, beside what you write.")
        faint: true
        lineHeight: 1.3
        Layout.fillWidth: true
    }
    CardList {
        id: list
        objectName: "folderList"
        label: qsTr("Granted folders")
        model: medley.tools.everywhere.folders
        Layout.fillWidth: true
        Layout.fillHeight: true
        delegate: FolderCard {
            width: list.room
            pointed: ListView.isCurrentItem && list.activeFocus
            onAccessChosen: (writes) => medley.tools.everywhere.setWritable(folderId, writes)
            onWithdrawn: medley.tools.everywhere.withdraw(folderId)
        }
        EmptyWords {
            visible: list.count === 0
            width: parent.width
            text: qsTr("No folder is granted to every conversation.")
        }
    }
    ActionButton {
        objectName: "grantEverywhere"
        text: qsTr("Grant a folder …")
        glyph: "folder"
        onClicked: page.folderAsked((url) => medley.tools.everywhere.grant(url, false))
    }
}
