// How the engine is, in one pill. A click tells more.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Button {
    id: chip

    // Where there is little room its light says how it is.
    property bool narrow: false

    signal bundlesAsked()

    readonly property string phase: medley.engine.state
    readonly property string wording: phase === "starting" ? qsTr("starting")
                                    : phase === "loading" ? qsTr("loading")
                                    : phase === "ready" ? qsTr("ready")
                                    : phase === "busy" ? qsTr("answering")
                                    : phase === "down" ? qsTr("down")
                                    : qsTr("resting")
    readonly property color light: phase === "ready" ? Theme.colour.good
                                 : phase === "down" ? Theme.colour.danger
                                 : phase === "off" ? Theme.colour.outline : Theme.colour.accent
    readonly property bool turning: phase === "starting" || phase === "loading" || phase === "busy"

    objectName: "engineChip"
    readonly property string called: medley.engine.bundle === "" ? qsTr("Engine") : Format.bundle(medley.engine.bundle)

    text: medley.engine.remote === "" ? called : qsTr("%1 on %2").arg(called).arg(medley.engine.remote)
    focusPolicy: Qt.StrongFocus
    implicitHeight: Theme.px(32)
    implicitWidth: content.implicitWidth + leftPadding + rightPadding
    leftPadding: Theme.medium
    rightPadding: Theme.small
    topPadding: 0
    bottomPadding: 0
    Accessible.name: qsTr("Engine: %1, %2").arg(text).arg(wording)
    Accessible.description: medley.engine.reason
    Keys.onReturnPressed: click()
    onClicked: panel.active ? panel.item.open() : (panel.active = true)

    background: Rectangle {
        radius: height / 2
        color: chip.phase === "down" ? Theme.colour.dangerSoft : chip.hovered ? Theme.colour.hover : "transparent"
        border.width: Theme.hair
        border.color: chip.phase === "down" ? Theme.colour.danger : Theme.colour.edge
        FocusRing { shown: chip.visualFocus; gap: 0; corner: parent.radius }
    }
    contentItem: RowLayout {
        id: content
        spacing: Theme.small
        Rectangle {
            id: dot
            implicitWidth: Theme.px(8)
            implicitHeight: implicitWidth
            radius: width / 2
            color: chip.light
            SequentialAnimation on opacity {
                running: chip.turning && Theme.moving
                loops: Animation.Infinite
                onRunningChanged: if (!running) dot.opacity = 1
                NumberAnimation { to: 0.3; duration: 600 }
                NumberAnimation { to: 1; duration: 600 }
            }
        }
        Words {
            text: chip.text
            strong: true
            size: Theme.px(13)
            elide: Text.ElideRight
            wrapMode: Text.NoWrap
            Layout.maximumWidth: Theme.px(chip.narrow ? 76 : 180)
            Accessible.ignored: true
        }
        Words {
            visible: !chip.narrow
            text: chip.phase === "loading" && medley.engine.progress >= 0
                  ? qsTr("%1 %").arg(Math.round(100 * medley.engine.progress)) : chip.wording
            faint: true
            size: Theme.px(13)
            wrapMode: Text.NoWrap
            Accessible.ignored: true
        }
        Glyph {
            glyph: "down"
            size: Theme.px(14)
        }
    }

    Loader {
        id: panel
        active: false
        onLoaded: item.open()
        sourceComponent: EnginePanel {
            wording: chip.wording
            light: chip.light
            x: chip.width - width
            y: chip.height + Theme.small
            onBundlesAsked: chip.bundlesAsked()
        }
    }
}
