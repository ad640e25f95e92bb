// The shortcuts of the window.
import QtQuick

Item {
    id: keyboard

    // Not while a dialog lies over the window; Esc serves then too.
    property bool awake: true

    signal newAsked()
    signal searchAsked()
    signal composerAsked()
    signal transcriptAsked()
    signal settingsAsked()
    signal attachAsked()
    signal modelsAsked()
    signal toolsAsked()
    signal sidebarAsked()
    signal undoAsked()
    signal escaped()

    Shortcut { sequences: [StandardKey.New]; enabled: keyboard.awake; onActivated: keyboard.newAsked() }
    Shortcut { sequences: ["Ctrl+F", "Ctrl+K"]; enabled: keyboard.awake; onActivated: keyboard.searchAsked() }
    Shortcut { sequence: "Ctrl+L"; enabled: keyboard.awake; onActivated: keyboard.composerAsked() }
    Shortcut { sequence: "Ctrl+Up"; enabled: keyboard.awake; onActivated: keyboard.transcriptAsked() }
    Shortcut { sequence: "Ctrl+,"; enabled: keyboard.awake; onActivated: keyboard.settingsAsked() }
    Shortcut { sequence: "Ctrl+O"; enabled: keyboard.awake; onActivated: keyboard.attachAsked() }
    Shortcut { sequence: "Ctrl+M"; enabled: keyboard.awake; onActivated: keyboard.modelsAsked() }
    Shortcut { sequence: "Ctrl+T"; enabled: keyboard.awake; onActivated: keyboard.toolsAsked() }
    Shortcut { sequence: "Ctrl+B"; enabled: keyboard.awake; onActivated: keyboard.sidebarAsked() }
    Shortcut { sequences: [StandardKey.Undo]; enabled: keyboard.awake; onActivated: keyboard.undoAsked() }
    Shortcut { sequence: "Esc"; onActivated: keyboard.escaped() }
}
