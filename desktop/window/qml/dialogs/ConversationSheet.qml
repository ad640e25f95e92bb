// How this conversation is answered.
import QtQuick
import QtQuick.Controls.Basic
import "../controls"
import "../presets"
import "../theme"

Sheet {
    id: sheet

    signal presetAsked(values: var)

    objectName: "conversationSheet"
    title: qsTr("This conversation")
    wish: Theme.px(600)
    footed: true

    onAboutToShow: {
        medley.manner.look();
        form.take({ system: medley.manner.system, temperature: medley.manner.temperature, topP: medley.manner.topP,
                    maxNewTokens: medley.manner.maxNewTokens, think: medley.manner.think });
    }

    contentItem: Scroller {
        id: scroller
        implicitHeight: form.implicitHeight
        MannerForm {
            id: form
            width: scroller.availableWidth
        }
    }
    foot: [
        ActionButton {
            objectName: "saveManner"
            text: qsTr("Use from the next answer on")
            primary: true
            enabled: form.fits
            onClicked: {
                const now = form.values();
                medley.manner.save(now.system, now.temperature, now.topP, now.maxNewTokens, now.think);
                sheet.close();
            }
        },
        ActionButton {
            objectName: "saveAsPreset"
            text: qsTr("Save as preset …")
            enabled: form.fits
            onClicked: sheet.presetAsked(Object.assign(medley.presets.openForm(), form.values()))
        },
        ActionButton {
            text: qsTr("As the bundle has it")
            quiet: true
            onClicked: form.clear()
        }
    ]
}
