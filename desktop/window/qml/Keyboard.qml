// The shortcuts of the window.
import QtQuick

Item {
    id: keyboard

    signal newAsked()
    signal searchAsked()
    signal composerAsked()
    signal transcriptAsked()
    signal settingsAsked()
    signal attachAsked()
    signal sidebarAsked()
    signal undoAsked()
    signal escaped()

    Shortcut { sequences: [StandardKey.New]; onActivated: keyboard.newAsked() }
    Shortcut { sequences: ["Ctrl+F", "Ctrl+K"]; onActivated: keyboard.searchAsked() }
    Shortcut { sequence: "Ctrl+L"; onActivated: keyboard.composerAsked() }
    Shortcut { sequence: "Ctrl+Up"; onActivated: keyboard.transcriptAsked() }
    Shortcut { sequence: "Ctrl+,"; onActivated: keyboard.settingsAsked() }
    Shortcut { sequence: "Ctrl+O"; onActivated: keyboard.attachAsked() }
    Shortcut { sequence: "Ctrl+B"; onActivated: keyboard.sidebarAsked() }
    Shortcut { sequences: [StandardKey.Undo]; onActivated: keyboard.undoAsked() }
    Shortcut { sequence: "Esc"; onActivated: keyboard.escaped() }
}
