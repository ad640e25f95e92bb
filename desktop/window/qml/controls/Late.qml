// What is made when it is first asked for. It is named by its file, so that not even that is read
// before: a window that shows a conversation carries no sheet.
import QtQuick

Loader {
    active: false

    function made(): QtObject {
        active = true;
        return item;
    }
    function open() {
        made().open();
    }
}
