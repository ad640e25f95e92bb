// How long an answer may be: as the model has it, one of three lengths, or a number of tokens.
import QtQuick
import "../controls"

Choice {
    id: control

    readonly property var lengths: ["160", "640", "2048"]

    // Show a number of tokens; 0 is the model's own.
    function take(number: int) {
        chosen = number <= 0 ? "0" : lengths.includes(String(number)) ? String(number) : "own";
        show();
        numberAsked(number);
    }

    signal numberAsked(number: int)

    objectName: "lengthChoice"
    label: qsTr("The longest answer")
    chosen: "0"
    model: [
        { value: "0", text: qsTr("As the model has it") },
        { value: "160", text: qsTr("Short: some 100 words") },
        { value: "640", text: qsTr("Medium: some 400 words") },
        { value: "2048", text: qsTr("Long: some 1,400 words") },
        { value: "own", text: qsTr("So many tokens:") }
    ]
}
