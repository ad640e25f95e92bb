// Everything that opens over the window. Each part is made when it is first asked for.
import QtQuick
import QtQuick.Controls.Basic
import "../gallery"
import "../models"
import "../presets"
import "../recording"
import "../switcher"
import "../tools"

Item {
    id: dialogs

    objectName: "dialogs"

    required property ApplicationWindow host
    required property Commands commands
    readonly property bool choosing: files.item?.choosing ?? false

    // Something else is shown in the window, chosen in the switcher.
    signal went()

    function openSettings() { show(settings); }
    function openSettingsAt(subject: string) {
        make(settings).showSubject(subject);
        settings.item.open();
    }
    function openModels() { openSettingsAt("models"); }
    function openGallery() { show(gallery); }
    function openPresets() { show(presets); }
    function editPreset(id: string, values: var) { make(preset).edit(id, values); }
    function keepPreset() { editPreset("", medley.presets.openForm()); }
    function openSwitcher() {
        switcher.active = true;
        switcher.item.commands = commands;
        switcher.item.begin();
    }
    function openOwnModels(page: string) {
        show(ownModels);
        ownModels.item.showPage(page);
    }
    function openTools(page: string) {
        show(tools);
        tools.item.showPage(page);
    }
    function grantFolder(done: var) { make(files).grantFolder(done); }
    function openBundles() {
        medley.bundles.refresh();
        show(bundles);
    }
    function openManner() { show(manner); }
    function openPicture(source: url, mediaId: string, name: string, naturalWidth: int, naturalHeight: int) {
        make(picture);
        Object.assign(picture.item, { source: source, mediaId: mediaId, name: name,
                                      naturalWidth: naturalWidth, naturalHeight: naturalHeight });
        picture.item.open();
    }
    function askLink(url: string) {
        make(link);
        link.item.url = url;
        link.item.open();
    }
    function stopChoosing() { files.item?.stopChoosing(); }
    function attach() { make(files).attach(); }
    function save(mediaId: string) { make(files).save(mediaId); }
    function exportConversation(conversationId: string, title: string) { make(files).exportConversation(conversationId, title); }
    function importConversation() { make(files).importConversation(); }

    function make(loader: Loader): QtObject {
        loader.active = true;
        return loader.item;
    }
    function show(loader: Loader) {
        make(loader);
        loader.item.open();
    }

    Loader {
        id: settings
        active: false
        sourceComponent: SettingsSheet {
            commands: dialogs.commands
            onBundlesAsked: dialogs.openBundles()
            onOwnModelsAsked: {
                settings.item.close();
                dialogs.openOwnModels("list");
            }
            onToolsAsked: (page) => {
                settings.item.close();
                dialogs.openTools(page);
            }
        }
    }
    Loader {
        id: ownModels
        active: false
        sourceComponent: ModelsSheet {
            onFileAsked: (done) => dialogs.make(files).chooseModel(done)
            onFolderAsked: (done) => dialogs.make(files).chooseFolder(done)
            onCatalogueAsked: dialogs.openModels()
        }
    }
    Loader {
        id: tools
        active: false
        sourceComponent: ToolsSheet {
            onFolderAsked: (done) => dialogs.grantFolder(done)
            onExportAsked: dialogs.make(files).exportMemory()
            onMessageAsked: (conversationId, messageId) => medley.conversations.openHit(conversationId, messageId)
        }
    }
    Loader {
        id: bundles
        active: false
        sourceComponent: BundleSheet {
            onAddAsked: dialogs.make(files).addBundle()
        }
    }
    Loader {
        id: manner
        active: false
        sourceComponent: ConversationSheet {
            onPresetAsked: (values) => dialogs.editPreset("", values)
        }
    }
    Loader {
        id: gallery
        active: false
        sourceComponent: GallerySheet {
            onSaveAsked: (mediaId, name) => dialogs.make(files).saveAs(mediaId, name)
            onWent: dialogs.went()
        }
    }
    Loader {
        id: presets
        active: false
        sourceComponent: PresetsSheet {
            onEditAsked: (presetId, values) => dialogs.editPreset(presetId, values)
            onExportAsked: (presetId) => dialogs.make(files).exportPreset(presetId)
            onImportAsked: dialogs.make(files).importPreset()
            onWent: dialogs.went()
        }
    }
    Loader {
        id: preset
        active: false
        sourceComponent: PresetEditor {}
    }
    Loader {
        id: switcher
        active: false
        // By its file: not even read before it is asked for.
        source: "../switcher/Switcher.qml"
        Connections {
            target: switcher.item
            function onWent() { dialogs.went(); }
        }
    }
    Loader {
        id: link
        active: false
        sourceComponent: LinkSheet {}
    }
    Loader {
        id: picture
        active: false
        sourceComponent: PictureViewer {
            onSaveAsked: (mediaId) => dialogs.save(mediaId)
        }
    }
    Loader {
        id: details
        active: false
        sourceComponent: DetailsSheet {}
    }
    Loader {
        id: files
        active: false
        sourceComponent: Files {}
    }
    Loader {
        id: sound
        active: false
        sourceComponent: SoundSheet {}
    }
    Loader {
        id: camera
        active: false
        sourceComponent: CameraSheet {}
    }
    Loader {
        id: screen
        active: false
        sourceComponent: ScreenSheet {}
    }
    Connections {
        target: medley.recording
        function onAsked(kind: string) {
            dialogs.show(kind === "sound" ? sound : kind === "camera" ? camera : screen);
        }
    }
    Connections {
        target: medley.transcript
        function onDetailsReady(found: var) {
            dialogs.make(details);
            details.item.facts = found;
            details.item.open();
        }
    }
    Connections {
        target: medley
        function onModelsGiven() {
            dialogs.openOwnModels("add");
        }
        function onLinkRefused(url: string) {
            dialogs.make(link);
            link.item.refused = true;
            link.item.url = url;
            link.item.open();
        }
    }
}
