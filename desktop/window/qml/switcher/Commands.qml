// Everything that can be done by its name (Ctrl+K) or by its keys. The window's shortcuts and the list
// of keys in the settings are made of it, so that they say the same.
import QtQuick
import "../dialogs"

QtObject {
    id: commands

    // What lies over the window, and what shows the conversation.
    required property Dialogs dialogs
    required property Item conversation

    readonly property string open: medley.conversations.current

    signal searchAsked()
    signal sidebarAsked()
    signal undoAsked()

    // `words` are others that mean it; without `can` it can always be done. What is no command by its
    // name, because one is there already when the name can be typed, has `bare`.
    readonly property var all: [
        { key: "new", title: qsTr("New conversation"), words: qsTr("begin chat"), glyph: "new", keys: ["Ctrl+N"],
          run: () => { medley.conversations.newConversation(); conversation.focusComposer(); } },
        { key: "switch", title: qsTr("Go to a conversation, a command, a preset or a model"), keys: ["Ctrl+K"], bare: true,
          run: () => dialogs.openSwitcher() },
        { key: "search", title: qsTr("Search in conversations, pictures, sounds and clips"), words: qsTr("find"), glyph: "search", keys: ["Ctrl+F"],
          run: () => searchAsked() },
        { key: "write", title: qsTr("Write a message"), glyph: "edit", keys: ["Ctrl+L"], bare: true,
          run: () => conversation.focusComposer() },
        { key: "messages", title: qsTr("Go to the messages; the arrow keys move between them"), keys: ["Ctrl+Up"], bare: true,
          run: () => conversation.focusTranscript() },
        { key: "attach", title: qsTr("Attach files"), words: qsTr("picture photo document upload open"), glyph: "attach", keys: ["Ctrl+O"],
          run: () => dialogs.attach() },
        { key: "model", title: qsTr("Choose the model of this conversation"), words: qsTr("bundle switch"), glyph: "bundle", keys: ["Ctrl+M"],
          run: () => conversation.openModels() },
        { key: "tools", title: qsTr("Tools of this conversation"), words: qsTr("agent folder"), glyph: "tool", keys: ["Ctrl+T"],
          run: () => conversation.openTools() },
        { key: "toolsSheet", title: qsTr("Tools and memory"), words: qsTr("MCP servers permissions folders what was done"), glyph: "tool",
          run: () => dialogs.openTools("tools") },
        { key: "memory", title: qsTr("What is remembered"), words: qsTr("memory facts forget"), glyph: "tool",
          run: () => dialogs.openTools("memory") },
        { key: "manner", title: qsTr("How this conversation is answered"), words: qsTr("system prompt text temperature length think"), glyph: "manner",
          run: () => dialogs.openManner() },
        { key: "presets", title: qsTr("Presets"), words: qsTr("prompt role persona character"), glyph: "preset",
          run: () => dialogs.openPresets() },
        { key: "keepPreset", title: qsTr("Save how this conversation is answered as a preset"), glyph: "preset",
          can: () => medley.manner.custom, run: () => dialogs.keepPreset() },
        { key: "gallery", title: qsTr("Gallery"), words: qsTr("pictures sounds clips documents everything made"), glyph: "image",
          run: () => dialogs.openGallery() },
        { key: "talk", title: medley.talk.on ? qsTr("End the spoken conversation") : qsTr("Talk"), words: qsTr("speak voice microphone hands-free"), glyph: "talk",
          run: () => medley.talk.on ? medley.talk.end() : medley.talk.toggle() },
        { key: "read", title: qsTr("Read the last answer aloud"), words: qsTr("say speak voice"), glyph: "volume",
          can: () => (medley.transcript.lastAnswer().words ?? "") !== "",
          run: () => { const last = medley.transcript.lastAnswer(); medley.talk.readAloud(last.id, last.words); } },
        { key: "copy", title: qsTr("Copy the last answer"), glyph: "copy",
          can: () => (medley.transcript.lastAnswer().words ?? "") !== "",
          run: () => medley.transcript.copyMessage(medley.transcript.lastAnswer().id) },
        { key: "again", title: qsTr("Answer the last question again"), words: qsTr("regenerate retry"), glyph: "regenerate",
          can: () => !medley.composer.busy && medley.transcript.lastAnswer().id !== undefined,
          run: () => medley.transcript.regenerate(medley.transcript.lastAnswer().id) },
        { key: "stop", title: qsTr("Stop answering"), glyph: "stop",
          can: () => medley.composer.busy, run: () => medley.composer.stop() },
        { key: "sound", title: qsTr("Record a sound"), words: qsTr("microphone audio"), glyph: "microphone",
          run: () => medley.recording.ask("sound") },
        { key: "camera", title: qsTr("Take a picture or a clip with the camera"), words: qsTr("photo video webcam"), glyph: "camera",
          run: () => medley.recording.ask("camera") },
        { key: "screen", title: qsTr("Take a picture of the screen"), words: qsTr("screenshot"), glyph: "screen",
          run: () => medley.recording.ask("screen") },
        { key: "export", title: qsTr("Export this conversation"), words: qsTr("save archive zip"), glyph: "export",
          can: () => open !== "", run: () => dialogs.exportConversation(open, medley.conversations.currentTitle) },
        { key: "import", title: qsTr("Import a conversation"), words: qsTr("archive zip"), glyph: "import",
          run: () => dialogs.importConversation() },
        { key: "delete", title: qsTr("Delete this conversation"), words: qsTr("remove"), glyph: "trash",
          can: () => open !== "", run: () => medley.conversations.remove(open) },
        { key: "undo", title: qsTr("Undo deleting"), keys: ["Ctrl+Z"], bare: true, run: () => undoAsked() },
        { key: "ownModels", title: qsTr("Your models"), words: qsTr("list bundles"), glyph: "bundle",
          run: () => dialogs.openOwnModels("list") },
        { key: "addModel", title: qsTr("Add a model"), words: qsTr("gguf file"), glyph: "new",
          run: () => dialogs.openOwnModels("add") },
        { key: "foundModels", title: qsTr("Models of other programs"), words: qsTr("LM Studio Ollama Jan"), glyph: "search",
          run: () => dialogs.openOwnModels("found") },
        { key: "catalogue", title: qsTr("Fetch models"), words: qsTr("download get starter"), glyph: "drop",
          run: () => dialogs.openModels() },
        { key: "bundles", title: qsTr("Choose another bundle"), glyph: "bundle", run: () => dialogs.openBundles() },
        { key: "settings", title: qsTr("Settings"), words: qsTr("preferences options"), glyph: "settings", keys: ["Ctrl+,"],
          run: () => dialogs.openSettings() },
        { key: "appearance", title: qsTr("Settings: Appearance"), words: qsTr("theme language size letters"), glyph: "look",
          run: () => dialogs.openSettingsAt("appearance") },
        { key: "answers", title: qsTr("Settings: Answers"), words: qsTr("steps pictures previews notifications"), glyph: "image",
          run: () => dialogs.openSettingsAt("answers") },
        { key: "speech", title: qsTr("Settings: Speech"), words: qsTr("voice microphone loudspeaker"), glyph: "talk",
          run: () => dialogs.openSettingsAt("speech") },
        { key: "engine", title: qsTr("Settings: Engine"), words: qsTr("device graphics card memory"), glyph: "chip",
          run: () => dialogs.openSettingsAt("engine") },
        { key: "privacy", title: qsTr("Settings: Privacy"), words: qsTr("drafts search by meaning"), glyph: "offline",
          run: () => dialogs.openSettingsAt("privacy") },
        { key: "keys", title: qsTr("Keys"), words: qsTr("keyboard shortcuts help about version"), glyph: "details",
          run: () => dialogs.openSettingsAt("about") },
        { key: "theme", title: medley.dark ? qsTr("Light theme") : qsTr("Dark theme"), words: qsTr("colours night day"), glyph: "look",
          run: () => medley.settings.theme = medley.dark ? "light" : "dark" },
        { key: "contrast", title: medley.highContrast ? qsTr("Usual contrast") : qsTr("High contrast"), words: qsTr("black white"), glyph: "look",
          run: () => medley.settings.highContrast = !medley.settings.highContrast },
        { key: "bigger", title: qsTr("Larger letters"), words: qsTr("zoom size scale"), glyph: "zoom-in", keys: ["Ctrl++", "Ctrl+="],
          can: () => medley.settings.scale < 2, run: () => commands.zoom(0.1) },
        { key: "smaller", title: qsTr("Smaller letters"), words: qsTr("zoom size scale"), glyph: "zoom-out", keys: ["Ctrl+-"],
          can: () => medley.settings.scale > 1, run: () => commands.zoom(-0.1) },
        { key: "language", title: medley.language === "en" ? "简体中文" : "English", words: qsTr("language Chinese English"), glyph: "text",
          run: () => medley.settings.language = medley.language === "en" ? "zh_CN" : "en" },
        { key: "sidebar", title: qsTr("Show or hide the conversations"), words: qsTr("sidebar list"), glyph: "sidebar", keys: ["Ctrl+B"],
          run: () => sidebarAsked() },
        { key: "tour", title: qsTr("Show me around"), words: qsTr("tour help introduction"), glyph: "details",
          run: () => { conversation.focusComposer(); medley.tour.begin(); } },
        { key: "restart", title: qsTr("Start the engine anew"), words: qsTr("restart reset"), glyph: "regenerate",
          run: () => medley.engine.restart() }
    ]

    function zoom(step: real) {
        medley.settings.scale = Math.round(10 * Math.min(2, Math.max(1, medley.settings.scale + step))) / 10;
    }
    function run(key: string) {
        const found = all.find((one) => one.key === key);
        if (found && (!found.can || found.can()))
            found.run();
    }
    // What can be done now by its name, as the switcher takes it.
    function named(): var {
        return all.filter((one) => !one.bare && (!one.can || one.can()))
                  .map((one) => ({ key: one.key, title: one.title, words: one.words ?? "", glyph: one.glyph ?? "",
                                   keys: (one.keys ?? []).slice(0, 1).map(shown) }));
    }
    // How keys are written.
    function shown(keys: string): string {
        return keys.replace("Up", "↑");
    }
}
