// The window itself: its place, its title, its colours, and the ground that is seen first. What is
// in it is loaded once all of `medley` is there.
import QtQuick
import QtQuick.Controls.Basic
import "theme"

ApplicationWindow {
    id: window

    readonly property bool narrow: width < Theme.px(760)
    property bool complete: medley.complete
    readonly property bool filled: contents.status === Loader.Ready
    property bool placed: false
    readonly property string name: complete ? medley.conversations.currentTitle : ""
    readonly property string place: name === "" ? "Medley" : qsTr("%1 – Medley").arg(name)

    function fill() {
        complete = true;
        contents.setSource("Contents.qml", { host: window });
    }

    function keepGeometry() {
        const full = visibility === Window.Maximized;
        if (complete && placed && visible && visibility !== Window.Minimized)
            medley.saveWindowGeometry(x, y, width, height, full);
    }

    objectName: "mainWindow"
    title: complete && medley.tools.cards.waitingCount > 0 ? qsTr("Waits for you: %1").arg(place) : place
    width: 1120
    height: 760
    minimumWidth: 460
    minimumHeight: 420
    visible: true
    color: Theme.colour.window
    font.pixelSize: Theme.fontUi

    palette {
        window: Theme.colour.window
        windowText: Theme.colour.text
        base: Theme.colour.surface
        alternateBase: Theme.colour.hover
        text: Theme.colour.text
        button: Theme.colour.surface
        buttonText: Theme.colour.text
        brightText: Theme.colour.text
        placeholderText: Theme.colour.muted
        highlight: Theme.colour.accent
        highlightedText: Theme.colour.accentInk
        link: Theme.colour.link
        toolTipBase: Theme.colour.raised
        toolTipText: Theme.colour.text
        light: Theme.colour.hover
        midlight: Theme.colour.hover
        mid: Theme.colour.pressed
        dark: Theme.colour.outline
        shadow: Theme.colour.line
    }

    onXChanged: keepGeometry()
    onYChanged: keepGeometry()
    onWidthChanged: keepGeometry()
    onHeightChanged: keepGeometry()
    onVisibilityChanged: keepGeometry()

    Component.onCompleted: {
        const last = medley.windowGeometry;
        const room = Qt.rect(Screen.virtualX, Screen.virtualY, Screen.width, Screen.height);
        if (last.width > 0 && last.height > 0) {
            width = Math.min(last.width, room.width);
            height = Math.min(last.height, room.height);
            x = Math.max(room.x, Math.min(last.x, room.x + room.width - width));
            y = Math.max(room.y, Math.min(last.y, room.y + room.height - height));
            if (last.maximized)
                showMaximized();
        } else {
            width = Math.min(1120, room.width);
            height = Math.min(760, room.height);
        }
        placed = true;
        if (complete)
            fill();
    }

    Binding {
        target: window.complete ? null : medley
        property: "systemDark"
        value: Application.styleHints.colorScheme === Qt.ColorScheme.Dark
    }
    Binding {
        target: window.complete ? null : medley
        property: "systemContrast"
        value: Application.styleHints.accessibility.contrastPreference === Qt.ContrastPreference.HighContrast
    }

    // Where the sidebar and the composer will be.
    Item {
        anchors.fill: parent
        visible: !window.filled

        Rectangle {
            id: side
            visible: !window.narrow
            width: visible ? Theme.sidebarWidth : 0
            height: parent.height
            color: Theme.colour.sidebar
            Rectangle {
                anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
                width: Theme.hair
                color: Theme.colour.line
            }
        }
        Rectangle {
            readonly property real room: parent.width - side.width
            x: side.width + (room - width) / 2
            y: parent.height - height - Theme.px(28)
            width: Math.min(room - 2 * Theme.large, Theme.column)
            height: Theme.px(96)
            radius: Theme.radiusLarge
            color: Theme.colour.surface
            border.width: Theme.hair
            border.color: Theme.colour.outline
        }
    }
    Loader {
        id: contents
        anchors.fill: parent
        focus: true
    }
}
