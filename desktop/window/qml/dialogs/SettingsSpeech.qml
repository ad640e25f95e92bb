// How Medley hears and speaks, and what is kept of it.
import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import "../controls"
import "../theme"

ColumnLayout {
    id: page

    readonly property string automatic: qsTr("Chosen by the system")

    // With the one that was chosen, also while it is not there.
    function choices(found: var, chosen: string): var {
        const known = found.some((one) => one.value === chosen);
        const gone = chosen === "" || known ? [] : [{ value: chosen, text: qsTr("%1 (not there)").arg(chosen) }];
        return [{ value: "", text: automatic }].concat(found, gone);
    }

    spacing: Theme.wide
    Component.onCompleted: medley.talk.listDevices()

    SheetRow {
        title: qsTr("Microphone")
        Choice {
            objectName: "microphoneChoice"
            label: qsTr("Microphone")
            implicitWidth: Theme.px(240)
            model: page.choices(medley.talk.microphones, medley.settings.microphone)
            chosen: medley.settings.microphone
            onActivated: medley.settings.microphone = currentValue
        }
    }
    SheetRow {
        title: qsTr("Loudspeaker")
        Choice {
            label: qsTr("Loudspeaker")
            implicitWidth: Theme.px(240)
            model: page.choices(medley.talk.loudspeakers, medley.settings.loudspeaker)
            chosen: medley.settings.loudspeaker
            onActivated: medley.settings.loudspeaker = currentValue
        }
    }
    SheetRow {
        title: qsTr("Voice")
        explanation: qsTr("Another language than the voice's own is spoken by one that knows it.")
        Choice {
            objectName: "voiceChoice"
            label: qsTr("Voice")
            implicitWidth: Theme.px(240)
            model: [{ value: "", text: qsTr("By the language") }].concat(medley.talk.voices.map((one) => ({ value: one, text: Format.voice(one) })))
            chosen: medley.settings.voice
            onActivated: medley.settings.voice = currentValue
        }
    }
    SheetRow {
        title: qsTr("Speed of the voice")
        Track {
            id: speed
            label: qsTr("Speed of the voice")
            from: 0.5
            to: 2
            stepSize: 0.1
            snapMode: Slider.SnapAlways
            value: medley.settings.voiceSpeed
            implicitWidth: Theme.px(150)
            onMoved: medley.settings.voiceSpeed = Math.round(value * 10) / 10
        }
        Words {
            text: qsTr("%1 times").arg(Number(speed.value).toLocaleString(Qt.locale(medley.language), "f", 1))
            font.features: { "tnum": 1 }
        }
    }
    SheetRow {
        title: qsTr("Language you speak")
        Choice {
            label: qsTr("Language you speak")
            implicitWidth: Theme.px(240)
            model: [
                { value: "", text: qsTr("Recognised in every sentence") },
                { value: "en", text: qsTr("English") },
                { value: "zh", text: qsTr("Chinese") }
            ]
            chosen: medley.settings.spokenLanguage
            onActivated: medley.settings.spokenLanguage = currentValue
        }
    }
    SheetRow {
        title: qsTr("Keep the sound of what you say")
        explanation: qsTr("Otherwise only the words are kept.")
        Toggle {
            objectName: "keepRecordings"
            label: qsTr("Keep the sound of what you say")
            checked: medley.settings.keepRecordings
            onToggled: medley.settings.keepRecordings = checked
        }
    }
    Words {
        text: medley.engine.remote !== ""
            ? qsTr("Hold %1 and speak, or tap it to begin a conversation and tap it again to end it. What you say is heard on this computer, and its words are answered on %2.").arg(medley.talk.key).arg(medley.engine.remote)
            : qsTr("Hold %1 and speak, or tap it to begin a conversation and tap it again to end it. What you say is heard, understood and answered on this computer.").arg(medley.talk.key)
        faint: true
        size: Theme.fontSmall
        lineHeight: 1.25
        Layout.fillWidth: true
    }
}
