// A person's own models: add one, see what other programs have, compose a bundle, and all there is.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    readonly property var pages: [
        { key: "add", glyph: "new", name: qsTr("Add") },
        { key: "found", glyph: "search", name: qsTr("On this computer") },
        { key: "make", glyph: "bundle", name: qsTr("Put together") },
        { key: "list", glyph: "details", name: qsTr("All of them") }
    ]

    signal fileAsked(done: var)
    signal folderAsked(done: var)
    signal catalogueAsked()

    function showPage(key: string) {
        tabs.currentIndex = pages.findIndex((page) => page.key === key);
    }

    objectName: "modelsSheet"
    title: qsTr("Your models")
    wish: Theme.px(720)
    height: parent ? Math.min(Theme.px(640), parent.height - 2 * Theme.large) : 0
    onAboutToShow: medley.ownModels.refresh()

    contentItem: Item {
        ColumnLayout {
            anchors.fill: parent
            spacing: Theme.large

            PageTabs {
                id: tabs
                label: sheet.title
                pages: sheet.pages
                Layout.fillWidth: true
            }
            Loader {
                id: place
                Layout.fillWidth: true
                Layout.fillHeight: true
                sourceComponent: [add, found, make, list][tabs.currentIndex]
            }
        }
        DropArea {
            anchors.fill: parent
            onEntered: (drag) => drag.accepted = drag.hasUrls
            onDropped: (drop) => {
                medley.composer.addFiles(drop.urls);
                drop.accept(Qt.CopyAction);
            }
        }
    }

    Component {
        id: add
        AddPage {
            onFileAsked: (done) => sheet.fileAsked(done)
            onFolderAsked: (done) => sheet.folderAsked(done)
            onCatalogueAsked: {
                sheet.close();
                sheet.catalogueAsked();
            }
            onFoundAsked: sheet.showPage("found")
            onDone: sheet.close()
        }
    }
    Component {
        id: found
        FoundPage {
            onTaken: sheet.showPage("add")
        }
    }
    Component {
        id: make
        MakePage {
            onFileAsked: (done) => sheet.fileAsked(done)
            onFolderAsked: (done) => sheet.folderAsked(done)
            onDone: sheet.close()
        }
    }
    Component {
        id: list
        ListPage {
            onDone: sheet.close()
        }
    }
}
