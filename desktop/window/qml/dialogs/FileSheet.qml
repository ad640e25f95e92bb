// Chooses files, a folder, or the name of a new file, where the desktop has no dialog for that.
import Qt.labs.folderlistmodel
import QtCore
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    // "open" for some files, "save" for a new one, "folder" for a folder.
    property string mode: "open"
    property var filters: []
    // Without the dot, for a new file that is given none.
    property string suffix: ""
    property var handler: () => {}
    property int filterRow: 0
    property url folder: StandardPaths.writableLocation(StandardPaths.HomeLocation)
    property var chosen: []
    property url replacing: ""
    readonly property bool saving: mode === "save"
    readonly property bool ready: saving ? name.text.trim() !== "" : mode === "folder" || chosen.length > 0

    function ask(wish: var, done: var) {
        Object.assign(sheet, { mode: wish.mode, title: wish.title, filters: wish.filters ?? [], suffix: wish.suffix ?? "", handler: done, filterRow: 0 });
        begin(folder);
        name.text = wish.name ?? "";
        open();
        if (saving) {
            name.forceActiveFocus();
            name.select(0, Math.max(0, suffix === "" ? name.text.lastIndexOf(".") : name.text.length - suffix.length - 1));
        } else {
            list.forceActiveFocus(Qt.TabFocusReason);
        }
    }

    function begin(place: url) {
        folder = place;
        chosen = [];
        replacing = "";
        list.currentIndex = 0;
    }

    function within(place: string, child: string): string {
        return place.replace(/\/$/, "") + "/" + child;
    }

    function finish() {
        if (!ready)
            return;
        let found = chosen;
        if (saving) {
            const words = name.text.trim().replace(/\//g, "-");
            const whole = suffix !== "" && !words.toLowerCase().endsWith("." + suffix) ? words + "." + suffix : words;
            const target = within(folder.toString(), encodeURIComponent(whole));
            if (replacing.toString() !== target && medley.fileExists(target)) {
                replacing = target;
                return;
            }
            found = [target];
        } else if (mode === "folder") {
            found = [folder];
        }
        close();
        handler(found);
    }

    // Enter or a double click on a row.
    function walk(row: Item) {
        if (row.fileIsDir) {
            begin(row.fileUrl);
        } else if (saving) {
            name.text = row.fileName;
            name.forceActiveFocus();
        } else {
            if (chosen.length === 0)
                chosen = [row.fileUrl];
            finish();
        }
    }

    function choose(row: Item, more: bool) {
        list.currentIndex = row.index;
        if (row.fileIsDir)
            return;
        if (saving)
            name.text = row.fileName;
        const same = row.fileUrl.toString();
        const others = chosen.filter((one) => one.toString() !== same);
        const was = others.length < chosen.length;
        chosen = more ? (was ? others : [...chosen, row.fileUrl]) : [row.fileUrl];
    }

    objectName: "fileSheet"
    wish: Theme.px(620)
    footed: true
    height: parent ? Math.min(Theme.px(560), parent.height - 2 * Theme.large) : 0

    FolderListModel {
        id: entries
        folder: sheet.folder
        showDirsFirst: true
        showFiles: sheet.mode !== "folder"
        caseSensitive: false
        sortCaseSensitive: false
        nameFilters: {
            const words = sheet.filters[sheet.filterRow] ?? "";
            const globs = words.match(/\(([^()]*)\)\s*$/);
            return globs ? globs[1].split(" ") : ["*"];
        }
    }

    contentItem: ColumnLayout {
        spacing: Theme.small

        RowLayout {
            spacing: Theme.tiny
            IconButton {
                objectName: "folderUp"
                glyph: "left"
                label: qsTr("The folder around this one")
                enabled: entries.parentFolder.toString() !== ""
                onClicked: sheet.begin(entries.parentFolder)
            }
            IconButton {
                glyph: "folder"
                label: qsTr("Your own folder")
                onClicked: sheet.begin(StandardPaths.writableLocation(StandardPaths.HomeLocation))
            }
            Words {
                objectName: "folderPath"
                text: decodeURIComponent(sheet.folder.toString().replace(/^file:\/\//, ""))
                elide: Text.ElideLeft
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
            }
        }
        ListView {
            id: list
            objectName: "fileList"
            clip: true
            model: entries
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Files and folders")
            ScrollBar.vertical: ThinScrollBar {}
            Keys.onReturnPressed: if (currentItem) sheet.walk(currentItem)
            Keys.onEnterPressed: if (currentItem) sheet.walk(currentItem)
            Keys.onPressed: (event) => {
                if (event.key !== Qt.Key_Backspace || entries.parentFolder.toString() === "")
                    return;
                sheet.begin(entries.parentFolder);
                event.accepted = true;
            }

            delegate: FileRow {
                chooser: sheet
                rows: list
            }
        }
        Field {
            id: name
            objectName: "fileName"
            visible: sheet.saving
            label: qsTr("Name of the file")
            Layout.fillWidth: true
            onTextEdited: sheet.replacing = ""
            Keys.onReturnPressed: sheet.finish()
            Keys.onEnterPressed: sheet.finish()
        }
        Words {
            objectName: "fileReplaced"
            visible: sheet.replacing.toString() !== ""
            text: qsTr("There is a file of this name. It will be replaced.")
            color: Theme.colour.danger
            Layout.fillWidth: true
        }
        Choice {
            visible: sheet.filters.length > 1
            label: qsTr("Which files are shown")
            model: sheet.filters.map((words, at) => ({ value: String(at), text: words.replace(/\s*\([^()]*\)\s*$/, "") }))
            chosen: String(sheet.filterRow)
            onActivated: sheet.filterRow = Number(currentValue)
            Layout.fillWidth: true
        }
    }
    foot: [
        ActionButton {
            objectName: "fileTaken"
            text: sheet.replacing.toString() !== "" ? qsTr("Replace") : sheet.saving ? qsTr("Save")
                : sheet.mode === "folder" ? qsTr("Take this folder") : qsTr("Open")
            primary: true
            danger: sheet.replacing.toString() !== ""
            enabled: sheet.ready
            onClicked: sheet.finish()
        },
        ActionButton {
            text: qsTr("Cancel")
            quiet: true
            onClicked: sheet.close()
        }
    ]
}
