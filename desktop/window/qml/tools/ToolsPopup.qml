// The tools of the open conversation: on or off, the folders, and what there is.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Popup {
    id: popup

    signal folderAsked(done: var)
    signal allAsked(page: string)

    function openAt(anchor: Item) {
        parent = anchor;
        medley.tools.catalogue.refresh();
        open();
    }

    objectName: "toolsPopup"
    width: Math.min(Theme.px(470), (parent?.Window.width ?? 0) - 2 * Theme.large)
    height: Math.min(implicitHeight, (parent?.Window.height ?? 0) - 2 * Theme.large)
    y: -height - Theme.tiny
    margins: Theme.small
    padding: Theme.medium
    focus: true
    modal: true
    dim: false
    closePolicy: Popup.CloseOnEscape | Popup.CloseOnPressOutside
    onOpened: toggle.forceActiveFocus(Qt.TabFocusReason)

    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    background: Rectangle {
        color: Theme.colour.raised
        radius: Theme.radiusLarge
        border.width: Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    }

    contentItem: Scroller {
        id: scroller
        ColumnLayout {
            width: scroller.availableWidth
            spacing: Theme.medium

            SheetRow {
                title: qsTr("Tools in this conversation")
                explanation: qsTr("The model may ask for them. You are asked before one touches anything of yours.")
                Toggle {
                    id: toggle
                    objectName: "toolsSwitch"
                    label: qsTr("Tools in this conversation")
                    checked: medley.tools.here.on
                    onToggled: {
                        medley.tools.here.setOn(checked);
                        checked = Qt.binding(() => medley.tools.here.on);
                    }
                }
            }
            ColumnLayout {
                visible: medley.tools.here.on
                spacing: Theme.small
                Layout.fillWidth: true

                Words {
                    text: qsTr("Folders")
                    strong: true
                    size: Theme.fontSmall
                    Layout.fillWidth: true
                    Accessible.role: Accessible.Heading
                }
                Repeater {
                    model: medley.tools.here.folders
                    delegate: FolderCard {
                        Layout.fillWidth: true
                        told: everywhere ? qsTr("%1, in every conversation").arg(shown) : shown
                        onAccessChosen: (writes) => medley.tools.here.setWritable(folderId, writes)
                        onWithdrawn: {
                            toggle.forceActiveFocus();
                            medley.tools.here.withdraw(folderId);
                        }
                    }
                }
                Words {
                    visible: medley.tools.here.folderCount === 0
                    text: qsTr("No folder is granted: tools see none of your files.")
                    faint: true
                    size: Theme.px(13)
                    Layout.fillWidth: true
                }
                ActionButton {
                    objectName: "grantFolder"
                    text: qsTr("Grant a folder …")
                    glyph: "folder"
                    onClicked: {
                        popup.close();
                        popup.folderAsked((url) => medley.tools.here.grant(url, false));
                    }
                }
                Words {
                    text: qsTr("What there is")
                    strong: true
                    size: Theme.fontSmall
                    topPadding: Theme.small
                    Layout.fillWidth: true
                    Accessible.role: Accessible.Heading
                }
                Words {
                    visible: medley.tools.catalogue.count === 0
                    text: medley.tools.catalogue.looking ? qsTr("Looking what there is …") : qsTr("There are no tools.")
                    faint: true
                    size: Theme.px(13)
                    Layout.fillWidth: true
                }
                Flow {
                    spacing: Theme.tiny
                    Layout.fillWidth: true
                    Repeater {
                        model: medley.tools.catalogue
                        delegate: Rectangle {
                            id: chip

                            required property string server
                            required property string name
                            required property string called

                            implicitWidth: Math.min(inner.implicitWidth + 2 * Theme.small, popup.availableWidth - Theme.large)
                            implicitHeight: Theme.px(26)
                            radius: height / 2
                            color: "transparent"
                            border.width: Theme.hair
                            border.color: Theme.colour.edge
                            Row {
                                id: inner
                                anchors.verticalCenter: parent.verticalCenter
                                x: Theme.small
                                spacing: Theme.tiny
                                Glyph {
                                    glyph: ToolWords.glyph(chip.name)
                                    size: Theme.px(14)
                                    anchors.verticalCenter: parent.verticalCenter
                                }
                                Words {
                                    text: ToolWords.name(chip.server, chip.name, chip.called) + (chip.server === "medley" ? "" : " · " + chip.server)
                                    size: Theme.fontSmall
                                    elide: Text.ElideRight
                                    wrapMode: Text.NoWrap
                                    width: Math.min(implicitWidth, popup.availableWidth - Theme.px(60))
                                }
                            }
                        }
                    }
                }
            }
            ActionButton {
                objectName: "allTools"
                text: qsTr("Tools and memory …")
                glyph: "settings"
                quiet: true
                Layout.fillWidth: true
                onClicked: {
                    popup.close();
                    popup.allAsked("tools");
                }
            }
        }
    }
}
