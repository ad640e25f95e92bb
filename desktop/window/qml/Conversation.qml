// The right side: the line at the top, the messages or what stands in for them, and the composer.
import QtQuick
import "composer"
import "controls"
import "engine"
import "picker"
import "speech"
import "start"
import "theme"

Item {
    id: conversation

    property alias sidebarShown: header.sidebarShown
    readonly property int footHeight: foot.height + Theme.tiny + Theme.small
    // Of what stands over the foot for a while. At the end of a conversation there is room for it.
    property int toastsHeight: 0
    readonly property int room: toastsHeight === 0 ? 0
        : Math.max(0, toastsHeight + 2 * Theme.small - (transcript?.following ? transcript.roomAtEnd : 0))
    readonly property Item transcript: page.item?.following === undefined ? null : page.item
    readonly property string face: medley.libraryState !== "ready" ? "library"
                                 : !medley.transcript.empty ? "transcript"
                                 : medley.firstStart ? "first" : "empty"

    readonly property var parts: ({ write: composer.inputPart, talk: composer.talkPart, show: composer.attachPart, model: line.modelPart })

    signal sidebarAsked()
    signal settingsAsked()
    signal bundlesAsked()
    signal mannerAsked()
    signal modelsAsked()
    signal attachAsked()
    signal undoAsked()
    signal pictureAsked(source: url, mediaId: string, name: string, naturalWidth: int, naturalHeight: int)
    signal saveAsked(mediaId: string)
    signal linkAsked(url: string)
    signal folderAsked(done: var)
    signal toolsAsked(page: string)

    function focusComposer() {
        composer.focusInput();
    }

    function openModels() {
        line.openModels();
    }

    // The models, made when they are first asked for; to answer a message again where one is named.
    function showModels(anchor: Item, messageId: string) {
        models.made().openAt(anchor, messageId);
    }

    function openTools() {
        composer.openTools();
    }

    function showTools(anchor: Item) {
        tools.made().openAt(anchor);
    }

    function focusTranscript() {
        transcript?.focusLast();
    }

    Header {
        id: header
        anchors { left: parent.left; right: parent.right; top: parent.top }
        onSidebarAsked: conversation.sidebarAsked()
        onMannerAsked: conversation.mannerAsked()
        onBundlesAsked: conversation.bundlesAsked()
    }

    Loader {
        id: page
        anchors { left: parent.left; right: parent.right; top: header.bottom; bottom: foot.top; bottomMargin: Math.max(Theme.tiny, conversation.room) }
        source: conversation.face === "transcript" ? "transcript/Transcript.qml"
              : conversation.face === "first" ? "start/FirstStart.qml"
              : conversation.face === "empty" ? "start/EmptyPage.qml" : "start/LibraryPage.qml"
    }
    Connections {
        target: page.item
        ignoreUnknownSignals: true
        function onPictureAsked(source: url, mediaId: string, name: string, w: int, h: int) {
            conversation.pictureAsked(source, mediaId, name, w, h);
        }
        function onSaveAsked(mediaId: string) { conversation.saveAsked(mediaId); }
        function onLinkAsked(url: string) { conversation.linkAsked(url); }
        function onBundlesAsked() { conversation.bundlesAsked(); }
        function onSettingsAsked() { conversation.settingsAsked(); }
        function onToolsAsked(page: string) { conversation.toolsAsked(page); }
        function onAgainAsked(anchor: Item, messageId: string) { conversation.showModels(anchor, messageId); }
        function onAsked() { conversation.focusComposer(); }
    }
    Late {
        id: models
        source: "picker/ModelPopup.qml"
        Connections {
            target: models.item
            function onAddAsked() { conversation.modelsAsked(); }
        }
    }
    Late {
        id: tools
        source: "tools/ToolsPopup.qml"
        Connections {
            target: tools.item
            function onFolderAsked(done: var) { conversation.folderAsked(done); }
            function onAllAsked(page: string) { conversation.toolsAsked(page); }
        }
    }

    Column {
        id: foot

        anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter; bottomMargin: Theme.tiny }
        width: Math.min(parent.width - 2 * Theme.large, Theme.column)
        spacing: Theme.small

        // On the pages before a conversation it stands where the offer stood.
        StarterOffer {
            visible: conversation.face === "transcript" && phase !== "rest"
            width: parent.width
        }
        EngineBanner {
            width: parent.width
            onBundlesAsked: conversation.bundlesAsked()
        }
        ModelBanner {
            width: parent.width
            onModelsAsked: (anchor) => conversation.showModels(anchor, "")
        }
        TalkPanel { width: parent.width }
        Composer {
            id: composer
            enabled: medley.libraryState === "ready"
            width: parent.width
            onAttachAsked: conversation.attachAsked()
            onUndoAsked: conversation.undoAsked()
            onToolsAsked: (anchor) => conversation.showTools(anchor)
        }
        FootLine {
            id: line
            width: parent.width
            enabled: medley.libraryState === "ready"
            onModelsAsked: (anchor) => conversation.showModels(anchor, "")
        }
    }
}
