// One call of a tool: a line that opens, and a question while a person is asked.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Rectangle {
    id: card

    required property var call
    required property Item row
    property bool shown: false

    readonly property string stand: call.undone ? "undone" : call.state
    readonly property bool asks: stand === "asking"
    readonly property string called: ToolWords.name(call.server, call.tool, call.title)
    readonly property bool reachable: row.current || row.last || asks
    readonly property string stood: call.seconds >= 0.05 && stand === "done" ? Format.seconds(call.seconds) : ToolWords.state(stand)
    readonly property color tint: stand === "failed" ? Theme.colour.danger
                                : stand === "done" ? Theme.colour.good
                                : asks ? Theme.colour.warning : Theme.colour.muted

    objectName: "toolCard"
    width: row.room
    height: content.implicitHeight
    radius: Theme.radiusMedium
    color: Theme.colour.surface
    border.width: asks ? Theme.ring : Theme.hair
    border.color: asks ? Theme.colour.warning : Theme.highContrast ? Theme.colour.outline : Theme.colour.line
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Tool: %1. %2").arg(called).arg(ToolWords.state(stand))
    onAsksChanged: if (asks) shown = false

    Column {
        id: content
        width: parent.width

        Item {
            width: parent.width
            height: line.implicitHeight

            AbstractButton {
                id: line

                objectName: "toolLine"
                anchors { left: parent.left; right: stop.visible ? stop.left : parent.right }
                implicitHeight: Math.max(Theme.control, inner.implicitHeight + Theme.small)
                leftPadding: Theme.medium
                rightPadding: Theme.medium
                enabled: !card.asks
                focusPolicy: (card.reachable && !card.asks) || Window.activeFocusItem === line ? Qt.StrongFocus : Qt.NoFocus
                text: card.called
                Accessible.name: [card.called, card.call.main, ToolWords.state(card.stand),
                                  card.shown ? qsTr("Hide the details") : qsTr("Show the details")].filter((word) => word !== "").join(". ")
                Accessible.onPressAction: line.click()
                Keys.onReturnPressed: line.click()
                Keys.onEnterPressed: line.click()
                onClicked: card.shown = !card.shown

                background: Rectangle {
                    radius: card.radius
                    color: line.down ? Theme.colour.pressed : line.hovered && line.enabled ? Theme.colour.hover : "transparent"
                    FocusRing { shown: line.visualFocus; gap: -Theme.ring; corner: card.radius }
                }
                contentItem: RowLayout {
                    id: inner
                    spacing: Theme.small
                    Glyph {
                        glyph: ToolWords.glyph(card.call.tool)
                        size: Theme.px(17)
                        color: Theme.colour.muted
                    }
                    Words {
                        text: card.called
                        strong: true
                        size: Theme.px(13)
                        elide: Text.ElideRight
                        wrapMode: Text.NoWrap
                        Layout.maximumWidth: inner.width * 0.55
                        Accessible.ignored: true
                    }
                    Words {
                        text: card.call.main
                        faint: true
                        size: Theme.px(13)
                        elide: Text.ElideMiddle
                        wrapMode: Text.NoWrap
                        Layout.fillWidth: true
                        Accessible.ignored: true
                    }
                    Glyph {
                        glyph: ToolWords.stateGlyph(card.stand)
                        size: Theme.px(15)
                        color: card.tint
                        SequentialAnimation on opacity {
                            running: card.stand === "running" && Theme.moving
                            loops: Animation.Infinite
                            alwaysRunToEnd: true
                            NumberAnimation { to: 0.3; duration: 700 }
                            NumberAnimation { to: 1; duration: 700 }
                        }
                    }
                    Words {
                        objectName: "toolState"
                        text: card.stood
                        size: Theme.fontSmall
                        color: card.tint
                        wrapMode: Text.NoWrap
                        Accessible.ignored: true
                    }
                    Glyph {
                        visible: !card.asks
                        glyph: card.shown ? "down" : "right"
                        size: Theme.px(15)
                    }
                }
            }
            IconButton {
                id: stop
                objectName: "toolStop"
                visible: card.stand === "running"
                glyph: "stop"
                label: qsTr("Stop answering")
                size: Theme.px(28)
                glyphSize: Theme.px(16)
                reachable: card.reachable
                anchors { right: parent.right; rightMargin: Theme.tiny; verticalCenter: parent.verticalCenter }
                onClicked: medley.transcript.stop()
            }
        }
        Loader {
            active: card.stand === "running"
            visible: active
            width: parent.width
            sourceComponent: Item {
                implicitHeight: progress.implicitHeight + Theme.small
                ProgressLine {
                    id: progress
                    property int of: 0
                    label: card.called
                    x: Theme.medium
                    width: parent.width - 2 * Theme.medium
                    from: 0
                    to: Math.max(1, of)
                    indeterminate: of <= 0
                }
                Connections {
                    target: medley.tools.cards
                    function onProgressed(messageId: string, callId: string, step: int, of: int) {
                        if (messageId === card.row.messageId && callId === card.call.id) {
                            progress.of = of;
                            progress.value = step;
                        }
                    }
                }
            }
        }
        Loader {
            active: card.asks
            visible: active
            width: parent.width
            sourceComponent: ConsentCard {
                call: card.call
                row: card.row
            }
        }
        Loader {
            active: card.stand === "running" && medley.tools.cards.asked.indexOf(card.row.messageId + "/" + card.call.id) >= 0
            visible: active
            width: parent.width
            sourceComponent: ElicitCard {
                call: card.call
                row: card.row
            }
        }
        Loader {
            active: card.shown && !card.asks
            visible: active
            width: parent.width
            sourceComponent: CallDetails {
                call: card.call
                row: card.row
                reachable: card.reachable
            }
        }
    }
}
