// The light theme: paper with a little green in it.
import QtQuick

Colours {}
