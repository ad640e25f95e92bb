// The window: sidebar, conversation, and what lies over both.
import QtQuick
import QtQuick.Controls.Basic
import "composer"
import "dialogs"
import "sidebar"
import "switcher"
import "theme"

ApplicationWindow {
    id: window

    readonly property bool narrow: width < Theme.px(760)
    property bool sidebarWanted: !narrow
    property bool placed: false
    readonly property string place: medley.conversations.currentTitle === "" ? "Medley"
                                    : qsTr("%1 – Medley").arg(medley.conversations.currentTitle)

    function keepGeometry() {
        const full = visibility === Window.Maximized;
        if (placed && visible && visibility !== Window.Minimized)
            medley.saveWindowGeometry(x, y, width, height, full);
    }

    objectName: "mainWindow"
    title: medley.tools.cards.waitingCount > 0 ? qsTr("Waits for you: %1").arg(place) : place
    width: 1120
    height: 760
    minimumWidth: 460
    minimumHeight: 420
    visible: true
    color: Theme.colour.window
    font.pixelSize: Theme.fontUi

    palette {
        window: Theme.colour.window
        windowText: Theme.colour.text
        base: Theme.colour.surface
        alternateBase: Theme.colour.hover
        text: Theme.colour.text
        button: Theme.colour.surface
        buttonText: Theme.colour.text
        brightText: Theme.colour.text
        placeholderText: Theme.colour.muted
        highlight: Theme.colour.accent
        highlightedText: Theme.colour.accentInk
        link: Theme.colour.link
        toolTipBase: Theme.colour.raised
        toolTipText: Theme.colour.text
        light: Theme.colour.hover
        midlight: Theme.colour.hover
        mid: Theme.colour.pressed
        dark: Theme.colour.outline
        shadow: Theme.colour.line
    }

    onNarrowChanged: sidebarWanted = !narrow
    onXChanged: keepGeometry()
    onYChanged: keepGeometry()
    onWidthChanged: keepGeometry()
    onHeightChanged: keepGeometry()
    onVisibilityChanged: keepGeometry()

    Component.onCompleted: {
        const last = medley.windowGeometry;
        const room = Qt.rect(Screen.virtualX, Screen.virtualY, Screen.width, Screen.height);
        if (last.width > 0 && last.height > 0) {
            width = Math.min(last.width, room.width);
            height = Math.min(last.height, room.height);
            x = Math.max(room.x, Math.min(last.x, room.x + room.width - width));
            y = Math.max(room.y, Math.min(last.y, room.y + room.height - height));
            if (last.maximized)
                showMaximized();
        } else {
            width = Math.min(1120, room.width);
            height = Math.min(760, room.height);
        }
        // One is shared by all. What it says may be anybody's words.
        sidebar.ToolTip.toolTip.contentItem.textFormat = Text.PlainText;
        placed = true;
        conversation.focusComposer();
    }

    Conversation {
        id: conversation
        anchors { top: parent.top; bottom: parent.bottom; right: parent.right; left: window.narrow ? parent.left : sidebar.right }
        sidebarShown: window.sidebarWanted && !window.narrow
        onSidebarAsked: window.sidebarWanted = true
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
        opacity: window.narrow && window.sidebarWanted ? 1 : 0
        color: Theme.colour.scrim
        Behavior on opacity { NumberAnimation { duration: Theme.calm } }
        TapHandler { onTapped: window.sidebarWanted = false }
    }
    Sidebar {
        id: sidebar
        width: Math.min(Theme.sidebarWidth, window.width - Theme.huge)
        height: parent.height
        x: window.sidebarWanted ? 0 : -width
        visible: x > -width
        onOpened: {
            if (window.narrow)
                window.sidebarWanted = false;
            conversation.focusComposer();
        }
        onCollapseAsked: window.sidebarWanted = false
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
                window.sidebarWanted = true;
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
        host: window
        commands: commands
        onWent: conversation.focusComposer()
    }

    Commands {
        id: commands
        dialogs: dialogs
        conversation: conversation
        onSearchAsked: {
            window.sidebarWanted = true;
            sidebar.focusSearch();
        }
        onSidebarAsked: window.sidebarWanted = !window.sidebarWanted
        onUndoAsked: toasts.undoLast()
    }
    Keyboard {
        commands: commands
        awake: !dialogs.choosing
        onEscaped: {
            if (dialogs.choosing)
                dialogs.stopChoosing();
            else if (window.narrow && window.sidebarWanted)
                window.sidebarWanted = false;
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
