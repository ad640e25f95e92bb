// The shortcuts of the window.
import QtQuick
import QtQml.Models
import "switcher"

Item {
    id: keyboard

    required property Commands commands
    // Not while a dialog lies over the window; Esc serves then too.
    property bool awake: true

    signal escaped()

    Instantiator {
        model: keyboard.commands.all.filter((one) => one.keys !== undefined)
        delegate: Shortcut {
            required property var modelData
            sequences: modelData.keys
            enabled: keyboard.awake
            onActivated: keyboard.commands.run(modelData.key)
        }
    }
    Shortcut { sequence: "Esc"; onActivated: keyboard.escaped() }
}
