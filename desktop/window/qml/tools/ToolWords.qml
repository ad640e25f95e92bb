// Tools in words: what they are called, what they may touch, how a call stands.
pragma Singleton
import QtQuick

QtObject {
    // Medley's own tools in the person's language; others are called as their makers call them.
    function name(server: string, tool: string, title: string): string {
        const own = server !== "medley" ? "" : ({
            search_library: qsTr("Search the library"), list_media: qsTr("Look what media there are"),
            look_at: qsTr("Look at a picture, sound or clip"), save_medium: qsTr("Save a picture, sound or clip"),
            make_picture: qsTr("Make a picture"), make_sound: qsTr("Make a sound"), make_clip: qsTr("Make a clip"),
            change_medium: qsTr("Change a picture, sound or clip"),
            list_folder: qsTr("List a folder"), find_files: qsTr("Find files"), read_file: qsTr("Read a file"),
            write_file: qsTr("Write a file"), edit_file: qsTr("Edit a file"), move_file: qsTr("Rename or move a file"),
            make_folder: qsTr("Make a folder"), delete_file: qsTr("Delete a file"),
            get_time: qsTr("Look at the clock"), date_math: qsTr("Compute with dates"),
            calculate: qsTr("Calculate"), convert_units: qsTr("Convert units"),
            set_reminder: qsTr("Set a reminder"), set_timer: qsTr("Set a timer"),
            list_reminders: qsTr("Look at the reminders"), cancel_reminder: qsTr("Cancel a reminder"),
            remember: qsTr("Remember something"), recall: qsTr("Look at what is remembered"), forget: qsTr("Forget something"),
            read_clipboard: qsTr("Read the clipboard"), write_clipboard: qsTr("Write to the clipboard"),
            take_screenshot: qsTr("Take a picture of the screen"), open: qsTr("Open a file or an address"),
            run_python: qsTr("Run Python"), search_tools: qsTr("Look for a tool"), call_tool: qsTr("Call a tool")
        })[tool] ?? "";
        if (own !== "" || title !== "")
            return own || title;
        const words = tool.replace(/[_.-]+/g, " ").trim();
        return words.charAt(0).toUpperCase() + words.slice(1);
    }

    // Who brings a tool.
    function server(name: string): string {
        return name === "medley" ? "Medley" : name;
    }

    function glyph(tool: string): string {
        return /python|code/.test(tool) ? "python" : /clipboard/.test(tool) ? "clipboard"
             : /delete/.test(tool) ? "trash" : /write|edit|move|rename/.test(tool) ? "edit"
             : /screen/.test(tool) ? "screen" : /remind|timer|notify/.test(tool) ? "bell"
             : /sound|audio/.test(tool) ? "audio" : /clip|video/.test(tool) ? "video"
             : /picture|image|draw|medi(um|a)/.test(tool) ? "image"
             : /file|folder|director/.test(tool) ? "folder" : /search|find|look/.test(tool) ? "search"
             : /time|date|clock/.test(tool) ? "history" : /calc|unit|convert/.test(tool) ? "calculator"
             : /memor|remember|recall|forget/.test(tool) ? "memory" : /^open/.test(tool) ? "open" : "tool";
    }

    // What a tool may touch.
    function touch(kind: string): string {
        return kind === "nothing" ? qsTr("Touches nothing: it only answers.")
             : kind === "library" ? qsTr("Reads your conversations and what is in your library.")
             : kind === "memory" ? qsTr("Reads or changes what Medley remembers of you.")
             : kind === "read files" ? qsTr("Reads files in the folders that you granted.")
             : kind === "write files" ? qsTr("Changes files in the folders that you granted to be written to. A copy of what was there is kept.")
             : kind === "clipboard" ? qsTr("Reads or changes the clipboard.")
             : kind === "screen" ? qsTr("Sees what is on your screen.")
             : kind === "reminders" ? qsTr("Sets or removes reminders.")
             : kind === "media" ? qsTr("Makes pictures, sounds and clips.")
             : kind === "open" ? qsTr("Has another program open something.")
             : kind === "python" ? qsTr("Runs a program in a closed room without network.")
             : kind === "network" ? qsTr("Connects to other machines.")
             : qsTr("Is a program of somebody else. It may do whatever you may do on this computer.");
    }

    function touchGlyph(kind: string): string {
        return ({ nothing: "check", library: "search", memory: "memory", "read files": "folder", "write files": "edit",
                  clipboard: "clipboard", screen: "screen", reminders: "bell", media: "image", open: "open",
                  python: "python" })[kind] ?? "warning";
    }

    // Whether a person should think twice.
    function isGrave(kind: string): bool {
        return ["write files", "screen", "open", "python", "network", "anything"].indexOf(kind) >= 0;
    }

    function state(state: string): string {
        return state === "asking" ? qsTr("waits for you") : state === "running" ? qsTr("running")
             : state === "done" ? qsTr("done") : state === "failed" ? qsTr("failed")
             : state === "refused" ? qsTr("not allowed") : state === "undone" ? qsTr("taken back")
             : qsTr("interrupted");
    }

    function stateGlyph(state: string): string {
        return ({ asking: "question", running: "history", done: "check", failed: "warning", refused: "close",
                  undone: "undo" })[state] ?? "warning";
    }
}
