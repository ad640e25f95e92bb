.pragma library

// Takes the keyboard off whatever is below a row that leaves its list: the list has it then.
// Every step up is let go of too, so that the row does not take the keyboard back with its next use.
function letGo(row, list, focused) {
    const way = [];
    for (let item = focused; item && item !== list; item = item.parent)
        way.push(item);
    if (way.includes(row))
        way.forEach((item) => item.focus = false);
}
