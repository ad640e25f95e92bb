"""The thirty tasks."""

from __future__ import annotations

import datetime

from benchmarks.tasks.place import Place, Task


def _letters(place: Place) -> None:
    place.write("letter.txt", "Dear Anna,\nthe meeting is on Friday at ten. Bring the red bag.\n")
    place.write("todo.txt", "milk\nbread\n")
    place.write("notes/trip.md", "# Trip\nWe take the train to Lyon. Hotel: Bellecour, 84 euros.\n")


def _sums(place: Place) -> None:
    place.write("costs.csv", "what,euros\nrent,700\nfood,250\ntrain,49\n")


def _many(place: Place) -> None:
    for name in ("a.txt", "b.txt", "c.md"):
        place.write(name, f"This is {name}.\n")


def _boat(place: Place) -> None:
    place.earlier("draw a red boat", "a red boat")


def _tomorrow() -> str:
    return (datetime.date.today() + datetime.timedelta(days=1)).isoformat()


def _tea(place: Place) -> None:
    place.library.memories.add("The user drinks tea without milk.")


def _alarm(place: Place) -> None:
    soon = datetime.datetime.now() + datetime.timedelta(hours=1)
    place.library.reminders.add("laundry", int(soon.timestamp() * 1000))


TASKS = (
    Task("time", ("What day is it today? Look at the clock.",),
         lambda p: p.says(str(datetime.date.today().day)), script=(("get_time", {}),),
         says=f"It is {datetime.date.today().isoformat()}."),
    Task("sum", ("What is 17.5 % of 2340? Compute it exactly.",), lambda p: p.says("409.5"),
         script=(("calculate", {"expression": "2340 * 17.5 / 100"}),), says="409.5"),
    Task("product", ("Multiply 12345 by 6789 for me, exactly please.",),
         lambda p: p.says("83810205"),
         script=(("calculate", {"expression": "12345 * 6789"}),), says="83,810,205"),
    Task("units", ("How many kilometres are 26.2 miles?",), lambda p: p.says("42.1"),
         script=(("convert_units", {"value": 26.2, "from": "mile", "to": "km"}),),
         says="42.16 km"),
    Task("timer", ("Set a timer for ten minutes.",), lambda p: p.reminder_in(10),
         script=(("set_timer", {"minutes": 10}),)),
    Task("timer_half", ("Set a timer for half an hour, for the bread.",),
         lambda p: p.reminder_in(30), script=(("set_timer", {"minutes": 30, "text": "bread"}),)),
    Task("reminder", ("Remind me tomorrow at 9 in the morning to call Anna.",),
         lambda p: any("anna" in one.text.casefold() for one in p.library.reminders.pending()),
         script=(("set_reminder", {"text": "call Anna", "at": f"{_tomorrow()} 09:00"}),)),
    Task("reminders", ("What reminders do I have?",), lambda p: p.says("laundry"), _alarm,
         script=(("list_reminders", {}),), says="One: laundry."),
    Task("cancel", ("Cancel the reminder about the laundry.",),
         lambda p: p.library.reminders.pending() == [], _alarm,
         script=(("list_reminders", {}), ("cancel_reminder", {"id": 1}))),
    Task("remember", ("Please remember that my daughter is called Mia.",),
         lambda p: p.remembers("mia"),
         script=(("remember", {"fact": "The user's daughter is called Mia."}),)),
    Task("recall", ("How do I drink my tea? You know it.",), lambda p: p.says("milk"),
         _tea, script=(("recall", {}),), says="Without milk."),
    Task("forget", ("Forget what you know about my tea.",),
         lambda p: p.library.memories.all() == [], _tea,
         script=(("recall", {}), ("forget", {"id": 1}))),
    Task("list", ("Which files are in my folder?",), lambda p: p.says("letter.txt", "todo.txt"),
         _letters, script=(("list_folder", {}),), says="letter.txt, todo.txt and notes"),
    Task("read", ("What does letter.txt say about the meeting?",), lambda p: p.says("friday"),
         _letters, script=(("read_file", {"path": "letter.txt"}),), says="It is on Friday at ten."),
    Task("find", ("Which of my files is about Lyon?",), lambda p: p.says("trip.md"), _letters,
         script=(("find_files", {"words": "Lyon"}),), says="notes/trip.md"),
    Task("summary", ("Summarise notes/trip.md in one sentence.",), lambda p: p.says("lyon"),
         _letters, script=(("read_file", {"path": "notes/trip.md"}),), says="A trip to Lyon."),
    Task("folder_summary", ("Summarise this folder.",), lambda p: p.says("meeting", "lyon"),
         _letters,
         script=(("list_folder", {}), ("read_file", {"path": "letter.txt"}),
                 ("read_file", {"path": "notes/trip.md"})),
         says="A letter about a meeting, and a trip to Lyon."),
    Task("write", ("Write a file hello.txt that says: Hello world",),
         lambda p: "hello world" in p.text("hello.txt").casefold(),
         script=(("write_file", {"path": "hello.txt", "text": "Hello world"}),)),
    Task("list_write", ("Make a shopping list with eggs and butter in shopping.txt.",),
         lambda p: "egg" in p.text("shopping.txt").casefold()
         and "butter" in p.text("shopping.txt").casefold(),
         script=(("write_file", {"path": "shopping.txt", "text": "eggs\nbutter\n"}),)),
    Task("edit", ("In letter.txt change Friday to Monday.",),
         lambda p: "Monday" in p.text("letter.txt") and "red bag" in p.text("letter.txt"),
         _letters,
         script=(("edit_file", {"path": "letter.txt", "old": "Friday", "new": "Monday"}),)),
    Task("append", ("Add butter to todo.txt, and keep the rest.",),
         lambda p: {"milk", "bread", "butter"} <= set(p.text("todo.txt").casefold().split()),
         _letters,
         script=(("edit_file", {"path": "todo.txt", "old": "bread\n", "new": "bread\nbutter\n"}),)),
    Task("rename", ("Rename letter.txt to anna.txt.",),
         lambda p: "anna.txt" in p.names and "letter.txt" not in p.names, _letters,
         script=(("move_file", {"path": "letter.txt", "to": "anna.txt"}),)),
    Task("move", ("Put todo.txt into a new folder called lists.",),
         lambda p: "lists/todo.txt" in p.names and "todo.txt" not in p.names, _letters,
         script=(("make_folder", {"path": "lists"}),
                 ("move_file", {"path": "todo.txt", "to": "lists/todo.txt"}))),
    Task("tidy", ("Move all .txt files into a folder called texts.",),
         lambda p: p.names == {"texts/a.txt", "texts/b.txt", "c.md"}, _many,
         script=(("make_folder", {"path": "texts"}),
                 ("move_file", {"path": "a.txt", "to": "texts/a.txt"}),
                 ("move_file", {"path": "b.txt", "to": "texts/b.txt"}))),
    Task("delete", ("Delete todo.txt.",), lambda p: "todo.txt" not in p.names, _letters,
         script=(("delete_file", {"path": "todo.txt"}),)),
    Task("total", ("Add up the euros in costs.csv.",), lambda p: p.says("999"), _sums,
         script=(("read_file", {"path": "costs.csv"}),
                 ("calculate", {"expression": "700 + 250 + 49"})), says="999 euros"),
    Task("drew", ("What did I draw last week?",), lambda p: p.says("boat"), _boat,
         script=(("search_library", {"query": "", "kind": "picture"}),), says="A red boat."),
    Task("picture", ("Draw a red boat on the sea.",), lambda p: p.made("image") == 1,
         script=(("make_picture", {"description": "a red boat on the sea"}),)),
    Task("night", ("Draw a red boat on the sea.", "Now the same at night."),
         lambda p: p.made("image") == 2,
         script=(("make_picture", {"description": "a red boat on the sea"}),
                 ("change_medium", {"medium": "picture 1",
                                    "description": "a red boat on the sea at night"}))),
    Task("save_picture", ("Draw a blue house.", "Save that picture as house.png in my folder."),
         lambda p: "house.png" in p.names,
         script=(("make_picture", {"description": "a blue house"}),
                 ("save_medium", {"medium": "picture 1", "path": "house.png"}))),
)  # fmt: skip
