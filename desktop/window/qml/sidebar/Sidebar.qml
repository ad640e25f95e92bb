// The left side: new conversation, search, conversations by day, settings.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Rectangle {
    id: sidebar

    signal opened()
    signal settingsAsked()
    signal exportAsked(conversationId: string, title: string)
    signal importAsked()
    signal collapseAsked()

    readonly property bool similar: medley.conversations.similarTo !== ""
    readonly property bool searching: similar || medley.conversations.query !== ""
                                      || medley.conversations.modalityFilter !== ""

    function focusSearch() {
        searchField.forceActiveFocus(Qt.ShortcutFocusReason);
        searchField.selectAll();
    }

    color: Theme.colour.sidebar
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Conversations")

    Rectangle {
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        width: Theme.hair
        color: Theme.colour.line
    }

    ColumnLayout {
        anchors { fill: parent; margins: Theme.medium; rightMargin: Theme.medium + Theme.hair }
        spacing: Theme.small

        RowLayout {
            spacing: Theme.small
            Layout.leftMargin: Theme.tiny
            Layout.preferredHeight: Theme.control
            Image {
                source: Theme.glyph("mark")
                sourceSize: Qt.size(Theme.px(22), Theme.px(22))
                Accessible.ignored: true
            }
            Words {
                text: "Medley"
                strong: true
                size: Theme.px(16)
                Layout.fillWidth: true
                Accessible.role: Accessible.Heading
            }
            IconButton {
                glyph: "sidebar"
                label: qsTr("Hide the conversations")
                hint: "Ctrl+B"
                onClicked: sidebar.collapseAsked()
            }
        }

        ActionButton {
            objectName: "newConversation"
            text: qsTr("New conversation")
            glyph: "new"
            Layout.fillWidth: true
            Layout.topMargin: Theme.tiny
            Accessible.description: "Ctrl+N"
            onClicked: {
                medley.conversations.newConversation();
                sidebar.opened();
            }
        }

        Field {
            id: searchField
            objectName: "searchField"
            label: qsTr("Search in conversations, pictures, sounds and clips")
            placeholderText: qsTr("Search")
            glyph: "search"
            rightPadding: clear.visible ? clear.width + Theme.small : Theme.medium
            Layout.fillWidth: true
            text: medley.conversations.query
            onTextEdited: medley.conversations.query = text
            Keys.onShortcutOverride: (event) => event.accepted = event.key === Qt.Key_Escape && sidebar.searching
            Keys.onEscapePressed: (event) => {
                event.accepted = sidebar.searching;
                medley.conversations.endSearch();
            }
            Keys.onDownPressed: list.forceActiveFocus(Qt.TabFocusReason)

            IconButton {
                id: clear
                visible: sidebar.searching
                glyph: "close"
                objectName: "clearSearch"
                label: qsTr("Clear the search")
                size: Theme.px(26)
                glyphSize: Theme.px(14)
                anchors { right: parent.right; rightMargin: Theme.tiny; verticalCenter: parent.verticalCenter }
                onClicked: {
                    medley.conversations.endSearch();
                    searchField.forceActiveFocus();
                }
            }
        }

        SearchFilter {
            visible: sidebar.searching
            Layout.fillWidth: true
        }

        Words {
            visible: sidebar.similar
            text: qsTr("Similar to: %1").arg(medley.conversations.similarTo)
            faint: true
            size: Theme.fontSmall
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.fillWidth: true
            Layout.leftMargin: Theme.tiny
        }

        MediaHits {
            visible: sidebar.searching && medley.mediaHits.count > 0
            Layout.fillWidth: true
            onOpened: sidebar.opened()
        }

        ConversationList {
            id: list
            searching: sidebar.searching
            Layout.fillWidth: true
            Layout.fillHeight: true
            onOpened: sidebar.opened()
            onExportAsked: (conversationId, title) => sidebar.exportAsked(conversationId, title)
        }

        RowLayout {
            spacing: Theme.tiny
            Glyph {
                glyph: medley.engine.remote === "" ? "offline" : "server"
                size: Theme.px(16)
                Layout.leftMargin: Theme.tiny
            }
            Words {
                objectName: "placeWords"
                text: medley.engine.remote === "" ? qsTr("Stays on this computer") : qsTr("Is answered on %1").arg(medley.engine.remote)
                faint: true
                size: Theme.fontSmall
                elide: Text.ElideRight
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
            }
            IconButton {
                glyph: "import"
                label: qsTr("Import a conversation")
                onClicked: sidebar.importAsked()
            }
            IconButton {
                objectName: "settingsButton"
                glyph: "settings"
                label: qsTr("Settings")
                hint: "Ctrl+,"
                onClicked: sidebar.settingsAsked()
            }
        }
    }
}
