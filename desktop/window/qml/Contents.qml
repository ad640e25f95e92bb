// What is in the window: sidebar, conversation, and what lies over both.
import QtQuick
import QtQuick.Controls.Basic
import "composer"
import "dialogs"
import "sidebar"
import "switcher"
import "theme"

Item {
    id: contents

    required property ApplicationWindow host
    readonly property bool narrow: host.narrow
    property bool sidebarWanted: !narrow

    onNarrowChanged: sidebarWanted = !narrow

    Component.onCompleted: {
        // One is shared by all. What it says may be anybody's words.
        sidebar.ToolTip.toolTip.contentItem.textFormat = Text.PlainText;
        conversation.focusComposer();
    }

    Conversation {
        id: conversation
        anchors { top: parent.top; bottom: parent.bottom; right: parent.right; left: contents.narrow ? parent.left : sidebar.right }
        sidebarShown: contents.sidebarWanted && !contents.narrow
        onSidebarAsked: contents.sidebarWanted = true
        onSettingsAsked: dialogs.openSettings()
        onBundlesAsked: dialogs.openBundles()
        onMannerAsked: dialogs.openManner()
        onModelsAsked: dialogs.openOwnModels("add")
        onAttachAsked: dialogs.attach()
        toastsHeight: toasts.height
        onUndoAsked: toasts.undoLast()
        onPictureAsked: (source, mediaId, name, w, h) => dialogs.openPicture(source, mediaId, name, w, h)
        onSaveAsked: (mediaId) => dialogs.save(mediaId)
        onLinkAsked: (url) => dialogs.askLink(url)
        onFolderAsked: (done) => dialogs.grantFolder(done)
        onToolsAsked: (page) => dialogs.openTools(page)
    }

    Rectangle {
        anchors.fill: parent
        visible: opacity > 0
        opacity: contents.narrow && contents.sidebarWanted ? 1 : 0
        color: Theme.colour.scrim
        Behavior on opacity { NumberAnimation { duration: Theme.calm } }
        TapHandler { onTapped: contents.sidebarWanted = false }
    }
    Sidebar {
        id: sidebar
        width: Math.min(Theme.sidebarWidth, contents.width - Theme.huge)
        height: parent.height
        x: contents.sidebarWanted ? 0 : -width
        visible: x > -width
        onOpened: {
            if (contents.narrow)
                contents.sidebarWanted = false;
            conversation.focusComposer();
        }
        onCollapseAsked: contents.sidebarWanted = false
        onSettingsAsked: dialogs.openSettings()
        onExportAsked: (conversationId, title) => dialogs.exportConversation(conversationId, title)
        onImportAsked: dialogs.importConversation()
        Behavior on x { NumberAnimation { duration: Theme.calm; easing.type: Easing.OutCubic } }
    }

    Toasts {
        id: toasts
        anchors { horizontalCenter: conversation.horizontalCenter; bottom: parent.bottom; bottomMargin: conversation.footHeight }
        width: Math.min(conversation.width - 2 * Theme.large, Theme.column)
    }
    Connections {
        target: medley.conversations
        function onRemoved(id: string, title: string) {
            toasts.offerUndo("conversation", id, title);
        }
        function onSimilarToChanged() {
            if (medley.conversations.similarTo !== "")
                contents.sidebarWanted = true;
        }
    }

    Loader {
        anchors.fill: parent
        active: medley.tour.on
        // By its file: hardly anybody needs it a second time.
        source: active ? "tour/Tour.qml" : ""
        onLoaded: item.parts = conversation.parts
    }
    DropZone { anchors.fill: parent }

    Dialogs {
        id: dialogs
        host: contents.host
        commands: commands
        onWent: conversation.focusComposer()
    }

    Commands {
        id: commands
        dialogs: dialogs
        conversation: conversation
        onSearchAsked: {
            contents.sidebarWanted = true;
            sidebar.focusSearch();
        }
        onSidebarAsked: contents.sidebarWanted = !contents.sidebarWanted
        onUndoAsked: toasts.undoLast()
    }
    Keyboard {
        commands: commands
        awake: !dialogs.choosing
        onEscaped: {
            if (dialogs.choosing)
                dialogs.stopChoosing();
            else if (contents.narrow && contents.sidebarWanted)
                contents.sidebarWanted = false;
            else if (medley.tour.on)
                medley.tour.end();
            else if (medley.talk.on || medley.talk.reading !== "")
                medley.talk.end();
            else if (medley.composer.busy)
                medley.composer.stop();
            else
                conversation.focusComposer();
        }
    }
}
