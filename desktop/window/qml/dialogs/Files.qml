// The dialogs that choose files and folders.
import QtQuick
import QtQuick.Dialogs

Item {
    id: files

    property string mediaId: ""
    property string conversationId: ""

    readonly property list<string> media: [
        "*.png", "*.jpg", "*.jpeg", "*.webp", "*.bmp", "*.gif", "*.tif", "*.tiff", "*.heic", "*.heif", "*.avif",
        "*.wav", "*.flac", "*.ogg", "*.mp3", "*.m4a", "*.opus",
        "*.mp4", "*.mov", "*.mkv", "*.webm", "*.avi"
    ]
    readonly property list<string> documents: ["*.pdf", "*.docx", "*.txt", "*.md", "*.html", "*.htm", "*.csv"]

    readonly property list<QtObject> dialogs: [attachDialog, saveDialog, exportDialog, importDialog, bundleDialog]
    readonly property bool choosing: attachDialog.visible || saveDialog.visible || exportDialog.visible
                                     || importDialog.visible || bundleDialog.visible

    function stopChoosing() {
        for (const dialog of dialogs)
            if (dialog.visible)
                dialog.reject();
    }
    function attach() { attachDialog.open(); }
    function addBundle() { bundleDialog.open(); }
    function importConversation() { importDialog.open(); }
    function save(wanted: string) {
        mediaId = wanted;
        saveDialog.selectedFile = saveDialog.currentFolder + "/" + encodeURIComponent(medley.transcript.suggestedName(wanted));
        saveDialog.open();
    }
    function exportConversation(wanted: string, title: string) {
        const name = title.replace(/[\/\\:*?"<>|\u0000-\u001f]+/g, " ").trim().slice(0, 80);
        conversationId = wanted;
        exportDialog.selectedFile = exportDialog.currentFolder + "/" + encodeURIComponent(name || "conversation") + ".zip";
        exportDialog.open();
    }

    FileDialog {
        id: attachDialog
        title: qsTr("Attach pictures, sounds, clips or documents")
        fileMode: FileDialog.OpenFiles
        nameFilters: [qsTr("Everything that Medley reads (%1)").arg(files.media.concat(files.documents).join(" ")),
                      qsTr("Pictures, sounds and clips (%1)").arg(files.media.join(" ")),
                      qsTr("Documents (%1)").arg(files.documents.join(" ")), qsTr("All files (*)")]
        onAccepted: medley.composer.addFiles(selectedFiles)
    }
    FileDialog {
        id: saveDialog
        title: qsTr("Save as")
        fileMode: FileDialog.SaveFile
        onAccepted: medley.transcript.saveAs(files.mediaId, selectedFile)
    }
    FileDialog {
        id: exportDialog
        title: qsTr("Export the conversation")
        fileMode: FileDialog.SaveFile
        nameFilters: [qsTr("Archives (*.zip)")]
        onAccepted: medley.conversations.exportTo(files.conversationId, selectedFile)
    }
    FileDialog {
        id: importDialog
        title: qsTr("Import a conversation")
        nameFilters: [qsTr("Exported conversations (*.zip *.json)"), qsTr("All files (*)")]
        onAccepted: medley.conversations.importFrom(selectedFile)
    }
    FolderDialog {
        id: bundleDialog
        title: qsTr("Choose the folder of a bundle")
        onAccepted: medley.bundles.addFolder(selectedFolder)
    }
}
