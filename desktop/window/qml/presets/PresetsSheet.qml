// All presets: begin a conversation with one, change, copy, export or remove it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Sheet {
    id: sheet

    // What was removed last and can come back.
    property string removedKey: ""
    property string removedName: ""

    signal editAsked(presetId: string, values: var)
    signal exportAsked(presetId: string)
    signal importAsked()
    signal went()

    function use(id: string, fresh: bool) {
        close();
        medley.presets.use(id, fresh);
        went();
    }

    objectName: "presetsSheet"
    title: qsTr("Presets")
    onAboutToHide: removedKey = ""
    wish: Theme.px(680)
    height: parent ? Math.min(Theme.px(560), parent.height - 2 * Theme.large) : 0
    footed: true

    contentItem: ColumnLayout {
        spacing: Theme.medium

        Words {
            text: qsTr("A preset is what the model is told about its task, and with which model, tools and voice it answers, under one name.")
            faint: true
            lineHeight: 1.3
            Layout.fillWidth: true
        }
        RowLayout {
            visible: sheet.removedKey !== ""
            spacing: Theme.small
            Layout.fillWidth: true
            Words {
                objectName: "presetRemoved"
                text: qsTr("Deleted: %1").arg(sheet.removedName)
                elide: Text.ElideRight
                wrapMode: Text.NoWrap
                Layout.fillWidth: true
                Accessible.role: Accessible.AlertMessage
            }
            ActionButton {
                objectName: "undoPreset"
                text: qsTr("Undo")
                glyph: "undo"
                implicitHeight: Theme.px(32)
                onClicked: {
                    medley.presets.undoRemove(sheet.removedKey);
                    sheet.removedKey = "";
                    list.forceActiveFocus();
                }
            }
        }
        ListView {
            id: list

            objectName: "presetList"
            model: medley.presets
            clip: true
            spacing: Theme.small
            cacheBuffer: 0
            boundsBehavior: Flickable.StopAtBounds
            activeFocusOnTab: true
            keyNavigationEnabled: true
            highlightMoveDuration: 0
            focus: true
            Layout.fillWidth: true
            Layout.fillHeight: true
            Accessible.role: Accessible.List
            Accessible.name: sheet.title
            ScrollBar.vertical: ThinScrollBar {}
            onActiveFocusChanged: if (activeFocus && currentIndex < 0 && count > 0) currentIndex = 0
            Keys.onReturnPressed: (event) => currentItem?.taken((event.modifiers & Qt.ControlModifier) === 0)
            Keys.onEnterPressed: currentItem?.taken(true)
            Keys.onDeletePressed: if (currentItem) medley.presets.remove(currentItem.presetId)
            Keys.onPressed: (event) => {
                if (!currentItem)
                    return;
                if (event.key === Qt.Key_F2)
                    currentItem.editAsked();
                else if (event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && event.modifiers & Qt.ShiftModifier))
                    currentItem.menuAsked(currentItem.width / 2, currentItem.height / 2);
                else
                    return;
                event.accepted = true;
            }
            delegate: PresetLine {
                id: line
                width: list.width - (list.contentHeight > list.height ? Theme.medium : 0)
                pointed: ListView.isCurrentItem && list.activeFocus
                onTaken: (fresh) => sheet.use(presetId, fresh)
                onEditAsked: sheet.editAsked(presetId, medley.presets.form(presetId))
                onMenuAsked: (x, y) => {
                    list.currentIndex = index;
                    menu.openFor(line, x, y);
                }
            }

            Words {
                visible: list.count === 0
                text: qsTr("There are no presets yet.")
                faint: true
                anchors { left: parent.left; right: parent.right; top: parent.top; topMargin: Theme.wide }
                horizontalAlignment: Text.AlignHCenter
            }
        }
    }
    foot: [
        ActionButton {
            objectName: "newPreset"
            text: qsTr("New preset …")
            primary: true
            onClicked: sheet.editAsked("", medley.presets.form(""))
        },
        ActionButton {
            objectName: "importPreset"
            text: qsTr("Import …")
            onClicked: sheet.importAsked()
        },
        ActionButton {
            visible: medley.presets.someAway
            text: qsTr("Bring Medley's own back")
            quiet: true
            onClicked: medley.presets.bringBack()
        }
    ]

    Connections {
        target: medley.presets
        function onRemoved(key: string, name: string) {
            sheet.removedKey = key;
            sheet.removedName = name;
        }
    }
    ThemedMenu {
        id: menu

        property string presetId: ""

        function openFor(row: Item, x: real, y: real) {
            presetId = row.presetId;
            popup(row, x, y);
        }

        MenuLine {
            text: qsTr("Use for this conversation")
            glyph: "manner"
            onTriggered: sheet.use(menu.presetId, false)
        }
        MenuLine {
            text: qsTr("Duplicate")
            glyph: "copy"
            onTriggered: medley.presets.duplicate(menu.presetId)
        }
        MenuLine {
            text: qsTr("Export…")
            glyph: "export"
            onTriggered: sheet.exportAsked(menu.presetId)
        }
        MenuLine {
            text: qsTr("Delete")
            glyph: "trash"
            danger: true
            onTriggered: medley.presets.remove(menu.presetId)
        }
    }
}
