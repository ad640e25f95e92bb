// The dialogs that choose files and folders.
import QtQuick
import QtQuick.Dialogs

Item {
    id: files

    property string mediaId: ""
    property string conversationId: ""
    property string presetId: ""
    // What is done with a model's file or folder.
    property var handler: () => {}

    readonly property list<string> media: [
        "*.png", "*.jpg", "*.jpeg", "*.webp", "*.bmp", "*.gif", "*.tif", "*.tiff", "*.heic", "*.heif", "*.avif",
        "*.wav", "*.flac", "*.ogg", "*.mp3", "*.m4a", "*.opus",
        "*.mp4", "*.mov", "*.mkv", "*.webm", "*.avi"
    ]
    readonly property list<string> documents: ["*.pdf", "*.docx", "*.txt", "*.md", "*.html", "*.htm", "*.csv"]

    readonly property list<QtObject> dialogs: [attachDialog, saveDialog, exportDialog, importDialog, bundleDialog, modelDialog, folderDialog,
                                              grantDialog, memoryDialog, presetDialog, presetsDialog]
    readonly property bool choosing: (sheet.item?.visible ?? false) || attachDialog.visible || saveDialog.visible
                                     || exportDialog.visible || importDialog.visible || bundleDialog.visible
                                     || modelDialog.visible || folderDialog.visible
                                     || grantDialog.visible || memoryDialog.visible
                                     || presetDialog.visible || presetsDialog.visible

    function stopChoosing() {
        sheet.item?.close();
        for (const dialog of dialogs)
            if (dialog.visible)
                dialog.reject();
    }
    // In the desktop's own dialog, or in ours where it has none.
    function ask(dialog: QtObject, wish: var, done: var) {
        if (medley.fileDialogs) {
            dialog.open();
            return;
        }
        sheet.active = true;
        sheet.item.ask(Object.assign({ mode: "open", title: dialog.title, filters: dialog.nameFilters }, wish), done);
    }
    function attach() {
        ask(attachDialog, {}, (urls) => medley.composer.addFiles(urls));
    }
    function addBundle() {
        ask(bundleDialog, { mode: "folder", filters: [] }, (urls) => medley.bundles.addFolder(urls[0]));
    }
    function chooseModel(done: var) {
        handler = (urls) => done(urls[0]);
        ask(modelDialog, {}, handler);
    }
    function chooseFolder(done: var) {
        handler = (urls) => done(urls[0]);
        ask(folderDialog, { mode: "folder", filters: [] }, handler);
    }
    function grantFolder(done: var) {
        handler = (urls) => done(urls[0]);
        ask(grantDialog, { mode: "folder", filters: [] }, handler);
    }
    function exportMemory() {
        memoryDialog.selectedFile = memoryDialog.currentFolder + "/memory.md";
        ask(memoryDialog, { mode: "save", name: "memory.md", suffix: "md" }, (urls) => medley.tools.memories.exportTo(urls[0]));
    }
    function importConversation() {
        ask(importDialog, {}, (urls) => medley.conversations.importFrom(urls[0]));
    }
    function importPreset() {
        ask(presetsDialog, {}, (urls) => medley.presets.importFrom(urls[0]));
    }
    function exportPreset(wanted: string) {
        const name = medley.presets.suggestedName(wanted);
        presetId = wanted;
        presetDialog.selectedFile = presetDialog.currentFolder + "/" + encodeURIComponent(name);
        ask(presetDialog, { mode: "save", name: name, suffix: "toml" }, (urls) => medley.presets.exportTo(wanted, urls[0]));
    }
    function save(wanted: string) {
        saveAs(wanted, medley.transcript.suggestedName(wanted));
    }
    function saveAs(wanted: string, name: string) {
        mediaId = wanted;
        saveDialog.selectedFile = saveDialog.currentFolder + "/" + encodeURIComponent(name);
        ask(saveDialog, { mode: "save", name: name }, (urls) => medley.transcript.saveAs(wanted, urls[0]));
    }
    function exportConversation(wanted: string, title: string) {
        const name = title.replace(/[\/\\:*?"<>|\u0000-\u001f]+/g, " ").replace(/ +/g, " ").trim().slice(0, 80) || "conversation";
        conversationId = wanted;
        exportDialog.selectedFile = exportDialog.currentFolder + "/" + encodeURIComponent(name) + ".zip";
        ask(exportDialog, { mode: "save", name: name + ".zip", suffix: "zip" },
            (urls) => medley.conversations.exportTo(wanted, urls[0]));
    }

    Loader {
        id: sheet
        active: false
        sourceComponent: FileSheet {}
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
        defaultSuffix: "zip"
        onAccepted: medley.conversations.exportTo(files.conversationId, selectedFile)
    }
    FileDialog {
        id: importDialog
        title: qsTr("Import conversations of Medley, ChatGPT, Open WebUI, LM Studio or Jan")
        nameFilters: [qsTr("Exported conversations (*.zip *.json)"), qsTr("All files (*)")]
        onAccepted: medley.conversations.importFrom(selectedFile)
    }
    FileDialog {
        id: presetDialog
        title: qsTr("Export the preset")
        fileMode: FileDialog.SaveFile
        nameFilters: [qsTr("Presets (*.toml *.json)")]
        defaultSuffix: "toml"
        onAccepted: medley.presets.exportTo(files.presetId, selectedFile)
    }
    FileDialog {
        id: presetsDialog
        title: qsTr("Import a preset")
        nameFilters: [qsTr("Presets (*.toml *.json)"), qsTr("All files (*)")]
        onAccepted: medley.presets.importFrom(selectedFile)
    }
    FolderDialog {
        id: bundleDialog
        title: qsTr("Choose the folder of a bundle")
        onAccepted: medley.bundles.addFolder(selectedFolder)
    }
    FileDialog {
        id: modelDialog
        title: qsTr("Choose a model")
        nameFilters: [qsTr("Models (*.gguf)"), qsTr("All files (*)")]
        onAccepted: files.handler([selectedFile])
    }
    FolderDialog {
        id: grantDialog
        title: qsTr("Choose a folder that tools may reach into")
        onAccepted: files.handler([selectedFolder])
    }
    FileDialog {
        id: memoryDialog
        title: qsTr("Export what is remembered")
        fileMode: FileDialog.SaveFile
        nameFilters: [qsTr("Markdown (*.md)")]
        defaultSuffix: "md"
        onAccepted: medley.tools.memories.exportTo(selectedFile)
    }
    FolderDialog {
        id: folderDialog
        title: qsTr("Choose a model's folder")
        onAccepted: files.handler([selectedFolder])
    }
}
