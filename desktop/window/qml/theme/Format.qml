// Sizes and times in words.
pragma Singleton
import QtQuick

QtObject {
    readonly property var place: Qt.locale(medley.language)

    // Seconds as 0:07 or 1:02:09.
    function clock(seconds: real): string {
        const whole = Math.max(0, Math.floor(seconds));
        const pad = (number) => (number < 10 ? "0" : "") + number;
        const hours = Math.floor(whole / 3600);
        const minutes = Math.floor(whole / 60) % 60;
        return (hours > 0 ? hours + ":" + pad(minutes) : minutes) + ":" + pad(whole % 60);
    }

    // Whether words hold a run in which lines can be broken nowhere in particular; looking for a
    // place takes very long there.
    function unbroken(words: string): bool {
        return /[^\s\u2e80-\ufaff\uff00-\uffef]{1000}/.test(words);
    }

    function count(number: real): string {
        return place.toString(number, "f", 0);
    }

    function bytes(count: real): string {
        return count > 0 ? place.formattedDataSize(count, 1, Locale.DataSizeTraditionalFormat) : "";
    }

    function kind(modality: string): string {
        return modality === "text" ? qsTr("Words") : modality === "image" ? qsTr("Picture")
             : modality === "audio" ? qsTr("Sound") : modality === "video" ? qsTr("Clip")
             : modality === "document" ? qsTr("Document") : modality;
    }

    // A size as shops and disks have it, in powers of a thousand.
    function disk(count: real): string {
        return count > 0 ? place.formattedDataSize(count, count >= 1e9 ? 2 : 0, Locale.DataSizeSIFormat) : "";
    }

    function decimal(number: real, places: int): string {
        return place.toString(number, "f", places);
    }

    // What a bundle is called; the starter is composed here, and called so in the person's language.
    function bundle(title: string): string {
        return title.replace(/^Starter\b/, qsTr("Starter"));
    }

    // What a voice is called.
    function voice(key: string): string {
        const person = key.slice(3);
        const name = person.charAt(0).toUpperCase() + person.slice(1);
        const language = key.startsWith("z") ? qsTr("Chinese") : key.startsWith("b") ? qsTr("British English") : qsTr("American English");
        return qsTr("%1, %2").arg(name).arg(language);
    }

    // What a model is for.
    function purpose(name: string): string {
        return name === "talk" ? qsTr("To talk") : name === "hear" ? qsTr("To hear") : name === "see" ? qsTr("To see")
             : name === "notice" ? qsTr("To notice when you speak")
             : name === "speak" ? qsTr("To speak") : name === "read" ? qsTr("To read") : name;
    }

    // What a person's own model does.
    function use(purpose: string): string {
        return purpose === "talk" ? qsTr("Talks") : purpose === "image" ? qsTr("Makes pictures")
             : purpose === "audio" ? qsTr("Makes sounds") : purpose === "video" ? qsTr("Makes clips")
             : purpose === "hear" ? qsTr("Hears speech") : purpose === "speak" ? qsTr("Speaks") : purpose;
    }

    // Where something stands in a document, alone or behind the document's name.
    function where(text: string): string {
        return text.replace(/(^|, )page (\d+)(?=[,;]|$)/g, (_, before, number) => before + qsTr("page %1").arg(number))
                   .replace(/(^|, )line (\d+)(?=[,;]|$)/g, (_, before, number) => before + qsTr("line %1").arg(number))
                   .replace(/(^|, )rows? (\d+(?: to \d+)?)(?=[,;]|$)/g, (_, before, number) => before + qsTr("rows %1").arg(number.replace(" to ", "–")));
    }

    function document(mime: string): string {
        return mime === "application/pdf" ? "PDF" : mime === "text/csv" ? "CSV" : mime === "text/html" ? "HTML"
             : mime === "text/markdown" ? "Markdown" : mime === "text/plain" ? qsTr("Text")
             : mime.indexOf("wordprocessingml") >= 0 ? "Word" : "";
    }

    // Seconds of work that are left, roughly.
    function left(seconds: real): string {
        if (seconds < 0)
            return "";
        return seconds < 90 ? qsTr("%1 s left").arg(Math.max(1, Math.round(seconds)))
                            : qsTr("%1 min left").arg(Math.round(seconds / 60));
    }

    function seconds(value: real): string {
        return qsTr("%1 s").arg(place.toString(value, "f", value < 10 ? 1 : 0));
    }

    // Reasons begin as they would behind a program's name on a terminal: with a small letter. What
    // happens to everybody at some time is said in the person's language.
    function sentence(reason: string): string {
        const plugin = reason.match(/^the engine's process was ended (.*) while \S+ of the plugin (\S+) was at work/);
        if (plugin)
            return qsTr("The plugin %1 ended the engine. It is not used again until Medley is started anew; you can switch it off for good.").arg(plugin[2]);
        if (/: expected a picture, a sound, a clip or words, for this bundle reads no documents/.test(reason))
            return qsTr("This bundle reads no documents. The starter does, or choose another bundle.");
        const long = reason.match(/expected a (?:message|prompt) of at most (\d+) (?:tokens|positions)\b.*?, found (\d+)/);
        if (long && Number(long[1]) > 0)
            return qsTr("Your message takes %1 % of what this model can read at once. Shorten it, or give fewer or shorter files.").arg(Math.ceil(100 * long[2] / long[1]));
        const signal = reason.match(/^the engine's process was ended by signal (\d+)/);
        if (signal)
            return qsTr("The engine was ended suddenly (signal %1), perhaps because memory ran out. Ask again: it starts anew.").arg(signal[1]);
        const code = reason.match(/^the engine's process was ended with exit code (\d+)/);
        if (code && medley.language !== "en")
            return qsTr("The engine ended by itself (code %1). Ask again: it starts anew.").arg(code[1]) + "\n" + reason;
        if (reason.startsWith("the engine was stopped before this was finished"))
            return qsTr("The engine was stopped before this was finished. Ask again.");
        return reason.replace(/^[a-z][a-z']*(?=[\s,])/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
    }

    // The time of today, or the day.
    function day(milliseconds: real): string {
        const then = new Date(milliseconds), now = new Date();
        return then.toDateString() === now.toDateString() ? place.toString(then, "hh:mm")
             : then.getFullYear() === now.getFullYear() ? place.toString(then, qsTr("d MMM"))
             : place.toString(then, qsTr("d MMM yyyy"));
    }

    function date(milliseconds: real): string {
        return place.toString(new Date(milliseconds), Locale.ShortFormat);
    }
}
