// Everything about tools: what there is, MCP servers, folders, decisions, what was done, memory and
// reminders.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../models"
import "../theme"

Sheet {
    id: sheet

    readonly property var pages: [
        { key: "tools", glyph: "tool", name: qsTr("Tools") },
        { key: "servers", glyph: "server", name: qsTr("Servers") },
        { key: "folders", glyph: "folder", name: qsTr("Folders") },
        { key: "permissions", glyph: "shield", name: qsTr("Decisions") },
        { key: "history", glyph: "history", name: qsTr("What was done") },
        { key: "memory", glyph: "memory", name: qsTr("Memory") },
        { key: "reminders", glyph: "bell", name: qsTr("Reminders") }
    ]

    signal folderAsked(done: var)
    signal exportAsked()
    signal messageAsked(conversationId: string, messageId: string)

    function showPage(key: string) {
        tabs.currentIndex = Math.max(0, pages.findIndex((page) => page.key === key));
    }

    function goTo(conversationId: string, messageId: string) {
        close();
        messageAsked(conversationId, messageId);
    }

    objectName: "toolsSheet"
    title: qsTr("Tools and memory")
    wish: Theme.px(880)
    height: parent ? Math.min(Theme.px(680), parent.height - 2 * Theme.large) : 0
    onAboutToShow: medley.tools.refresh()
    onClosed: medley.tools.rest()

    contentItem: ColumnLayout {
        spacing: Theme.large

        PageTabs {
            id: tabs
            label: sheet.title
            pages: sheet.pages
            Layout.fillWidth: true
        }
        Loader {
            Layout.fillWidth: true
            Layout.fillHeight: true
            sourceComponent: [tools, servers, folders, permissions, history, memory, reminders][tabs.currentIndex]
        }
    }

    Component {
        id: tools
        ToolsPage {}
    }
    Component {
        id: servers
        ServersPage {}
    }
    Component {
        id: folders
        FoldersPage { onFolderAsked: (done) => sheet.folderAsked(done) }
    }
    Component {
        id: permissions
        PermissionsPage {}
    }
    Component {
        id: history
        HistoryPage { onMessageAsked: (conversationId, messageId) => sheet.goTo(conversationId, messageId) }
    }
    Component {
        id: memory
        MemoryPage {
            onMessageAsked: (conversationId, messageId) => sheet.goTo(conversationId, messageId)
            onExportAsked: sheet.exportAsked()
        }
    }
    Component {
        id: reminders
        RemindersPage {}
    }
}
