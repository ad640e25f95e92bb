// Four requests to click. Those of Pocket are sentences that it was trained to understand.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

GridLayout {
    id: grid

    readonly property var prompts: medley.picker.starter ? [
        { glyphs: ["text"], text: qsTr("Why is the sky blue? Explain it to a child") },
        { glyphs: ["text"], text: qsTr("Write a short poem about the sea in autumn") },
        { glyphs: ["image"], text: qsTr("Draw a cat wearing a hat") },
        { glyphs: ["audio"], text: qsTr("Play the sound of a dog in the rain") }
    ] : [
        { glyphs: ["image"], text: qsTr("Draw a red boat on the sea at night") },
        { glyphs: ["audio"], text: qsTr("Play the sound of a dog in the rain") },
        { glyphs: ["video"], text: qsTr("Show a clip of a yellow car moving left") },
        { glyphs: ["image", "audio"], text: qsTr("Show me a big green frog on the grass and let me hear it") }
    ]

    signal asked()

    columns: width < Theme.px(430) ? 1 : 2
    columnSpacing: Theme.medium
    rowSpacing: Theme.medium

    Repeater {
        model: grid.prompts
        delegate: Button {
            id: card

            required property var modelData
            required property int index

            objectName: "firstStartPrompt" + index
            text: modelData.text
            focusPolicy: Qt.StrongFocus
            padding: Theme.medium
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.preferredWidth: 1
            Layout.minimumHeight: Theme.px(64)
            Accessible.name: qsTr("Ask: %1").arg(text)
            Accessible.onPressAction: card.click()
            Keys.onReturnPressed: card.click()
            onClicked: {
                medley.composer.sendPrompt(text);
                grid.asked();
            }

            background: Rectangle {
                radius: Theme.radiusMedium
                color: card.down ? Theme.colour.pressed : card.hovered ? Theme.colour.hover : Theme.colour.surface
                border.width: Theme.hair
                border.color: Theme.highContrast || card.hovered ? Theme.colour.outline : Theme.colour.line
                FocusRing { shown: card.visualFocus; corner: parent.radius }
            }
            contentItem: RowLayout {
                spacing: Theme.medium
                Row {
                    spacing: Theme.tiny
                    Layout.alignment: Qt.AlignVCenter
                    Repeater {
                        model: card.modelData.glyphs
                        delegate: Glyph {
                            required property string modelData
                            glyph: modelData
                            color: Theme.hue(modelData)
                            size: Theme.px(20)
                        }
                    }
                }
                Words {
                    text: card.text
                    lineHeight: 1.2
                    Layout.fillWidth: true
                    Layout.alignment: Qt.AlignVCenter
                    Accessible.ignored: true
                }
            }
        }
    }
}
