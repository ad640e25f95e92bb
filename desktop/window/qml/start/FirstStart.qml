// What a person sees first: what this is, what it can and cannot do, and four things to try.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

Flickable {
    id: page

    // In a low window what can be clicked comes first.
    readonly property bool low: height < Theme.px(400)

    signal bundlesAsked()
    signal asked()

    contentHeight: Math.max(height, content.implicitHeight + 2 * Theme.wide)
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    ScrollBar.vertical: ThinScrollBar {}

    FollowFocus { view: page }

    ColumnLayout {
        id: content
        anchors.centerIn: parent
        width: Math.min(page.width - 2 * Theme.wide, Theme.px(680))
        spacing: Theme.medium

        Image {
            visible: !page.low
            source: Theme.glyph("mark")
            sourceSize: Qt.size(Theme.px(44), Theme.px(44))
            Accessible.ignored: true
        }
        Words {
            text: medley.picker.starter ? qsTr("Ask, show, or have something made") : qsTr("Ask for a picture, a sound or a clip")
            strong: true
            size: page.low ? Theme.fontTitle : Theme.fontDisplay
            Layout.fillWidth: true
            Accessible.role: Accessible.Heading
        }
        Words {
            visible: !page.low
            text: qsTr("Write to Medley, or show it pictures, sounds, clips and documents of your own. One answer can hold words, pictures, sounds and clips. All of it is made on this computer, and nothing leaves it.")
            size: Theme.px(16)
            faint: true
            lineHeight: 1.4
            Layout.fillWidth: true
        }
        PromptGrid {
            Layout.fillWidth: true
            Layout.topMargin: Theme.small
            onAsked: page.asked()
        }
        StarterOffer {
            Layout.fillWidth: true
            Layout.topMargin: Theme.small
        }
        Rectangle {
            visible: medley.picker.pocket || medley.picker.starter
            implicitHeight: pocket.implicitHeight + 2 * Theme.large
            radius: Theme.radiusMedium
            color: Theme.colour.soft
            border.width: Theme.highContrast ? Theme.hair : 0
            border.color: Theme.colour.outline
            Layout.fillWidth: true
            Layout.topMargin: Theme.small

            RowLayout {
                id: pocket
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.large }
                spacing: Theme.medium
                Glyph {
                    glyph: "bundle"
                    size: Theme.px(22)
                    color: Theme.colour.softInk
                    Layout.alignment: Qt.AlignTop
                }
                ColumnLayout {
                    spacing: Theme.tiny
                    Layout.fillWidth: true
                    Words {
                        text: medley.picker.starter ? qsTr("You are talking to the starter") : qsTr("You are talking to Pocket")
                        strong: true
                        color: Theme.colour.softInk
                        Layout.fillWidth: true
                    }
                    Words {
                        text: medley.picker.starter
                            ? qsTr("A small language model answers, in English and Chinese: it knows everyday things and makes mistakes, so check what matters. Others hear speech and read pictures and documents for it. Sounds and clips are of Pocket's little world alone; other pictures are clip art. It has no clock and no internet.")
                            : qsTr("Pocket is the very small model that comes with Medley. It knows one little world: twelve things such as boats, dogs and bells, in eight colours, in four places, by day and by night, in sun, rain, snow and storm. It does not know the world outside, and what it makes is small and simple.")
                        color: Theme.colour.softInk
                        lineHeight: 1.35
                        Layout.fillWidth: true
                    }
                    Flow {
                        spacing: Theme.small
                        Layout.fillWidth: true
                        Layout.topMargin: Theme.small
                        ActionButton {
                            text: qsTr("Choose another bundle")
                            implicitHeight: Theme.px(32)
                            onClicked: page.bundlesAsked()
                        }
                        ActionButton {
                            text: qsTr("Go on without this page")
                            implicitHeight: Theme.px(32)
                            quiet: true
                            ink: Theme.colour.softInk
                            onClicked: medley.dismissFirstStart()
                        }
                    }
                }
            }
        }
    }
}
