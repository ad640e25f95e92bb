// Tools in words: what they are called, what they may touch, how a call stands.
pragma Singleton
import QtQuick

QtObject {
    // Medley's own tools in the person's language; others are called as their makers call them.
    function name(server: string, tool: string, title: string): string {
        const own = server !== "medley" ? "" : ({
            search_library: qsTr("Search the library"), list_files: qsTr("List files"),
            read_file: qsTr("Read a file"), look_at: qsTr("Look at a picture"),
            write_file: qsTr("Write a file"), edit_file: qsTr("Edit a file"),
            find_files: qsTr("Find files"), move_file: qsTr("Move a file"), rename_file: qsTr("Rename a file"),
            make_media: qsTr("Make a picture, sound or clip"), edit_media: qsTr("Change a picture, sound or clip"),
            save_media: qsTr("Save a picture, sound or clip"),
            clock: qsTr("Look at the clock"), calculate: qsTr("Calculate"), calculator: qsTr("Calculate"),
            convert_units: qsTr("Convert units"), units: qsTr("Convert units"),
            set_reminder: qsTr("Set a reminder"), add_reminder: qsTr("Set a reminder"),
            list_reminders: qsTr("List the reminders"), remove_reminder: qsTr("Remove a reminder"),
            set_timer: qsTr("Set a timer"), remember: qsTr("Remember something"),
            list_memories: qsTr("Look at what is remembered"), forget: qsTr("Forget something"),
            read_clipboard: qsTr("Read the clipboard"), write_clipboard: qsTr("Write to the clipboard"),
            take_screenshot: qsTr("Take a picture of the screen"), screenshot: qsTr("Take a picture of the screen"),
            open: qsTr("Open a file or an address"), notify: qsTr("Show a note on the desktop"),
            run_python: qsTr("Run Python"), python: qsTr("Run Python"),
            search_tools: qsTr("Look for a tool"), call_tool: qsTr("Call a tool")
        })[tool] ?? "";
        if (own !== "" || title !== "")
            return own || title;
        const words = tool.replace(/[_.-]+/g, " ").trim();
        return words.charAt(0).toUpperCase() + words.slice(1);
    }

    // Who brings a tool.
    function server(name: string): string {
        return name === "medley" ? qsTr("Medley") : name;
    }

    function glyph(tool: string): string {
        return /python|code/.test(tool) ? "python" : /search|find|look/.test(tool) ? "search"
             : /file|folder|director/.test(tool) ? "folder" : /clipboard/.test(tool) ? "clipboard"
             : /screen/.test(tool) ? "screen" : /remind|timer|notify/.test(tool) ? "bell"
             : /clock|time|date/.test(tool) ? "history" : /calc|unit|convert/.test(tool) ? "calculator"
             : /memor|remember|forget/.test(tool) ? "memory" : /media|picture|draw|image/.test(tool) ? "image"
             : /^open/.test(tool) ? "open" : "tool";
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
