// The heading over the conversations of one day.
import QtQuick
import "../controls"
import "../theme"

Words {
    // Set by the list, also when it uses a header again for another day; a required property of the
    // same name would keep the first.
    readonly property string day: section

    function wording(day: string): string {
        switch (day) {
        case "pinned": return qsTr("Pinned");
        case "today": return qsTr("Today");
        case "yesterday": return qsTr("Yesterday");
        }
        const [year, month, date] = day.split("-").map(Number);
        if (!date)
            return day;
        //: Format of a date in this year, see QLocale::toString.
        const near = qsTr("dddd, d MMMM");
        //: Format of a date in another year.
        const far = qsTr("d MMMM yyyy");
        const same = new Date().getFullYear() === year;
        return Qt.locale(medley.language).toString(new Date(year, month - 1, date), same ? near : far);
    }

    width: ListView.view ? ListView.view.width : implicitWidth
    text: wording(day)
    faint: true
    strong: true
    size: Theme.fontSmall
    elide: Text.ElideRight
    wrapMode: Text.NoWrap
    leftPadding: Theme.small
    topPadding: Theme.large
    bottomPadding: Theme.tiny
    Accessible.role: Accessible.Heading
}
