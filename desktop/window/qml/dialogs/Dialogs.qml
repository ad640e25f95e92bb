// Everything that opens over the window.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../switcher"

Item {
    id: dialogs

    objectName: "dialogs"

    required property ApplicationWindow host
    required property Commands commands
    readonly property bool choosing: files.item?.choosing ?? false

    // Something else is shown in the window, chosen in the switcher.
    signal went()

    function openSettings() { settings.open(); }
    function openSettingsAt(subject: string) {
        settings.made().showSubject(subject);
        settings.open();
    }
    function openModels() { openSettingsAt("models"); }
    function openGallery() { gallery.open(); }
    function openPresets() { presets.open(); }
    function editPreset(id: string, values: var) { preset.made().edit(id, values); }
    function keepPreset() { editPreset("", medley.presets.openForm()); }
    function openSwitcher() { switcher.made().begin(); }
    function openOwnModels(page: string) {
        ownModels.open();
        ownModels.item.showPage(page);
    }
    function openTools(page: string) {
        tools.open();
        tools.item.showPage(page);
    }
    function grantFolder(done: var) { files.made().grantFolder(done); }
    function openBundles() {
        medley.bundles.refresh();
        bundles.open();
    }
    function openManner() { manner.open(); }
    function openPicture(source: url, mediaId: string, name: string, naturalWidth: int, naturalHeight: int) {
        Object.assign(picture.made(), { source: source, mediaId: mediaId, name: name,
                                        naturalWidth: naturalWidth, naturalHeight: naturalHeight });
        picture.open();
    }
    function askLink(url: string) {
        link.made().url = url;
        link.open();
    }
    function stopChoosing() { files.item?.stopChoosing(); }
    function attach() { files.made().attach(); }
    function save(mediaId: string) { files.made().save(mediaId); }
    function exportConversation(conversationId: string, title: string) { files.made().exportConversation(conversationId, title); }
    function importConversation() { files.made().importConversation(); }

    Late {
        id: settings
        source: "SettingsSheet.qml"
        onLoaded: item.commands = dialogs.commands
        Connections {
            target: settings.item
            function onBundlesAsked() { dialogs.openBundles(); }
            function onOwnModelsAsked() {
                settings.item.close();
                dialogs.openOwnModels("list");
            }
            function onToolsAsked(page: string) {
                settings.item.close();
                dialogs.openTools(page);
            }
        }
    }
    Late {
        id: ownModels
        source: "../models/ModelsSheet.qml"
        Connections {
            target: ownModels.item
            function onFileAsked(done: var) { files.made().chooseModel(done); }
            function onFolderAsked(done: var) { files.made().chooseFolder(done); }
            function onCatalogueAsked() { dialogs.openModels(); }
        }
    }
    Late {
        id: tools
        source: "../tools/ToolsSheet.qml"
        Connections {
            target: tools.item
            function onFolderAsked(done: var) { dialogs.grantFolder(done); }
            function onExportAsked() { files.made().exportMemory(); }
            function onMessageAsked(conversationId: string, messageId: string) {
                medley.conversations.openHit(conversationId, messageId);
            }
        }
    }
    Late {
        id: bundles
        source: "BundleSheet.qml"
        Connections {
            target: bundles.item
            function onAddAsked() { files.made().addBundle(); }
        }
    }
    Late {
        id: manner
        source: "ConversationSheet.qml"
        Connections {
            target: manner.item
            function onPresetAsked(values: var) { dialogs.editPreset("", values); }
        }
    }
    Late {
        id: gallery
        source: "../gallery/GallerySheet.qml"
        Connections {
            target: gallery.item
            function onSaveAsked(mediaId: string, name: string) { files.made().saveAs(mediaId, name); }
            function onWent() { dialogs.went(); }
        }
    }
    Late {
        id: presets
        source: "../presets/PresetsSheet.qml"
        Connections {
            target: presets.item
            function onEditAsked(presetId: string, values: var) { dialogs.editPreset(presetId, values); }
            function onExportAsked(presetId: string) { files.made().exportPreset(presetId); }
            function onImportAsked() { files.made().importPreset(); }
            function onWent() { dialogs.went(); }
        }
    }
    Late {
        id: preset
        source: "../presets/PresetEditor.qml"
    }
    Late {
        id: switcher
        source: "../switcher/Switcher.qml"
        onLoaded: item.commands = dialogs.commands
        Connections {
            target: switcher.item
            function onWent() { dialogs.went(); }
        }
    }
    Late {
        id: link
        source: "LinkSheet.qml"
    }
    Late {
        id: picture
        source: "PictureViewer.qml"
        Connections {
            target: picture.item
            function onSaveAsked(mediaId: string) { dialogs.save(mediaId); }
        }
    }
    Late {
        id: details
        source: "DetailsSheet.qml"
    }
    Late {
        id: files
        source: "Files.qml"
    }
    Late {
        id: sound
        source: "../recording/SoundSheet.qml"
    }
    Late {
        id: camera
        source: "../recording/CameraSheet.qml"
    }
    Late {
        id: screen
        source: "../recording/ScreenSheet.qml"
    }
    Connections {
        target: medley.recording
        function onAsked(kind: string) {
            (kind === "sound" ? sound : kind === "camera" ? camera : screen).open();
        }
    }
    Connections {
        target: medley.transcript
        function onDetailsReady(found: var) {
            details.made().facts = found;
            details.open();
        }
    }
    Connections {
        target: medley
        function onModelsGiven() {
            dialogs.openOwnModels("add");
        }
        function onLinkRefused(url: string) {
            link.made().refused = true;
            dialogs.askLink(url);
        }
    }
}
