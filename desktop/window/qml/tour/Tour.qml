// A few marks beside what they speak of. They leave the keyboard where it is: whoever wants to begin
// begins.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Item {
    id: tour

    // The parts of the window by name.
    property var parts: ({})
    property int step: 0
    readonly property var marks: [
        { part: "write", title: qsTr("Write here"),
          words: qsTr("Ask for words, a picture, a sound or a clip, as you would ask a person. Enter sends.") },
        { part: "talk", title: qsTr("Or talk"),
          words: qsTr("Hold this button, or F8, and speak. A short press begins a conversation without hands.") },
        { part: "show", title: qsTr("Show something"),
          words: qsTr("Attach pictures, sounds, clips and documents, or drop them anywhere on the window.") },
        { part: "model", title: qsTr("Choose who answers"),
          words: qsTr("Here are your models. Ctrl+K goes to every conversation, command, preset and model.") }
    ]
    readonly property var mark: marks[step]
    readonly property Item target: parts[mark.part] ?? null
    property rect around: Qt.rect(0, 0, 0, 0)

    function place() {
        if (target)
            around = target.mapToItem(tour, 0, 0, target.width, target.height);
    }
    function next() {
        if (step + 1 < marks.length)
            ++step;
        else
            medley.tour.end();
    }
    function say() {
        place();
        bubble.Accessible.announce(mark.title + ". " + mark.words, Accessible.Polite);
    }

    objectName: "tour"
    anchors.fill: parent
    onStepChanged: say()
    onTargetChanged: place()
    onWidthChanged: place()
    onHeightChanged: place()
    Component.onCompleted: Qt.callLater(say)

    // What is marked moves with what is above it, and where something moves a frame is drawn.
    Connections {
        target: tour.Window.window
        function onAfterAnimating() { tour.place(); }
    }

    Rectangle {
        x: tour.around.x - Theme.tiny
        y: tour.around.y - Theme.tiny
        width: tour.around.width + 2 * Theme.tiny
        height: tour.around.height + 2 * Theme.tiny
        color: "transparent"
        radius: Theme.radiusMedium
        border.width: Theme.ring
        border.color: Theme.colour.accent
        Behavior on x { NumberAnimation { duration: Theme.calm } }
        Behavior on width { NumberAnimation { duration: Theme.calm } }
    }
    Rectangle {
        id: bubble

        readonly property bool above: tour.around.y - height - Theme.medium > 0

        objectName: "tourBubble"
        width: Math.min(Theme.px(340), tour.width - 2 * Theme.large)
        height: column.implicitHeight + 2 * Theme.large
        x: Math.max(Theme.large, Math.min(tour.width - width - Theme.large, tour.around.x + tour.around.width / 2 - width / 2))
        y: above ? tour.around.y - height - Theme.medium : tour.around.y + tour.around.height + Theme.medium
        radius: Theme.radiusLarge
        color: Theme.colour.raised
        border.width: Theme.highContrast ? Theme.ring : Theme.hair
        border.color: Theme.highContrast ? Theme.colour.outline : Theme.colour.accent
        Accessible.role: Accessible.AlertMessage
        Accessible.name: tour.mark.title + ". " + tour.mark.words
        Behavior on x { NumberAnimation { duration: Theme.calm; easing.type: Easing.OutCubic } }

        // Nothing under it is clicked.
        TapHandler { acceptedButtons: Qt.AllButtons }

        ColumnLayout {
            id: column
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.large }
            spacing: Theme.tiny

            Words {
                text: tour.mark.title
                strong: true
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            Words {
                text: tour.mark.words
                faint: true
                lineHeight: 1.25
                Layout.fillWidth: true
                Accessible.ignored: true
            }
            RowLayout {
                spacing: Theme.small
                Layout.topMargin: Theme.small
                Words {
                    text: qsTr("%1 / %2").arg(tour.step + 1).arg(tour.marks.length)
                    faint: true
                    size: Theme.fontSmall
                    Layout.fillWidth: true
                }
                ActionButton {
                    objectName: "tourSkip"
                    visible: tour.step + 1 < tour.marks.length
                    text: qsTr("Skip")
                    quiet: true
                    implicitHeight: Theme.px(32)
                    onClicked: medley.tour.end()
                }
                ActionButton {
                    objectName: "tourNext"
                    text: tour.step + 1 < tour.marks.length ? qsTr("Next") : qsTr("Done")
                    primary: true
                    implicitHeight: Theme.px(32)
                    onClicked: tour.next()
                }
            }
        }
    }
}
