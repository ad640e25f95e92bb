// Takes a picture of a screen or of a window; a part of it can be cut out by dragging.
import QtQuick
import QtQuick.Layouts
import Medley 1.0
import "../controls"
import "../theme"

Sheet {
    id: sheet

    readonly property QtObject shot: medley.recording.screen
    readonly property string state: shot.state
    property int chosen: 0

    function trouble(kind: string): string {
        return kind === "" ? ""
             : kind === "permission" ? qsTr("This system does not let Medley see the screen. Allow it in the system's settings, then try again.")
             : kind === "no_device" ? qsTr("This screen is not there any more. Choose another.")
             : qsTr("No picture of the screen came. Try again.");
    }

    objectName: "screenSheet"
    title: qsTr("Screen")
    wish: Theme.px(640)
    footed: true
    onAboutToShow: {
        chosen = 0;
        shot.start();
    }
    onClosed: shot.close()

    contentItem: ColumnLayout {
        spacing: Theme.medium
        Choice {
            visible: sheet.state === "choosing" || sheet.state === "failed"
            objectName: "screenChoice"
            label: qsTr("Screen or window")
            chosen: String(sheet.chosen)
            model: sheet.shot.names.map((name, at) => ({ "text": name === "" ? qsTr("Screen %1").arg(at + 1) : name, "value": String(at) }))
            Layout.fillWidth: true
            onActivated: sheet.chosen = currentIndex
        }
        RowLayout {
            visible: sheet.state === "choosing" || sheet.state === "failed"
            spacing: Theme.medium
            Words {
                text: qsTr("Without Medley's window")
                Layout.fillWidth: true
            }
            Toggle {
                id: without
                label: qsTr("Without Medley's window")
                checked: true
            }
        }
        Words {
            visible: sheet.state === "taken"
            text: qsTr("Drag over the picture to keep only a part of it.")
            faint: true
            Layout.fillWidth: true
        }
        Live {
            id: view
            objectName: "screenView"
            visible: sheet.state === "taken"
            image: sheet.shot.image
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredHeight: Theme.px(340)

            Rectangle {
                visible: sheet.shot.part.width > 0
                x: view.place.x + sheet.shot.part.x * view.place.width
                y: view.place.y + sheet.shot.part.y * view.place.height
                width: sheet.shot.part.width * view.place.width
                height: sheet.shot.part.height * view.place.height
                color: "transparent"
                border.width: Theme.ring
                border.color: Theme.colour.focus
            }
            MouseArea {
                property point from

                function share(x: real, y: real): point {
                    return Qt.point((x - view.place.x) / view.place.width, (y - view.place.y) / view.place.height);
                }

                anchors.fill: parent
                cursorShape: Qt.CrossCursor
                onPressed: (mouse) => from = share(mouse.x, mouse.y)
                onPositionChanged: (mouse) => {
                    const to = share(mouse.x, mouse.y);
                    sheet.shot.cut(from.x, from.y, to.x - from.x, to.y - from.y);
                }
                onClicked: sheet.shot.part.width > 0 || sheet.shot.cut(0, 0, 0, 0)
            }
        }
        Missing { words: sheet.trouble(sheet.shot.problem) }
    }
    foot: [
        ActionButton {
            objectName: "attachShot"
            visible: sheet.state === "taken"
            text: qsTr("Attach")
            primary: true
            onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
            onClicked: {
                medley.recording.attachScreen();
                sheet.close();
            }
        },
        ActionButton {
            objectName: "takeShot"
            visible: sheet.state !== "taken"
            enabled: sheet.state !== "waiting"
            text: sheet.state === "failed" ? qsTr("Try again") : qsTr("Take a picture")
            glyph: "screen"
            primary: true
            onVisibleChanged: if (visible) forceActiveFocus(Qt.OtherFocusReason)
            onClicked: sheet.shot.take(sheet.chosen, without.checked)
        },
        ActionButton {
            objectName: "shotAgain"
            visible: sheet.state === "taken"
            text: qsTr("Take again")
            onClicked: sheet.shot.start()
        },
        ActionButton {
            objectName: "wholeShot"
            visible: sheet.state === "taken" && sheet.shot.part.width > 0
            text: qsTr("Keep all of it")
            onClicked: sheet.shot.cut(0, 0, 0, 0)
        }
    ]
}
