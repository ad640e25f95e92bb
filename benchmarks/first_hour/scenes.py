"""The scenes of the first hour: a user's messages and files, scene by scene. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """One conversation."""

    title: str
    turns: tuple[str, ...]
    """The user's messages, in order."""
    file: str = ""
    """Given with the first turn; empty is none."""
    system: str | None = None
    """The system text for the assistant."""
    about: str = ""
    """A sentence about the file."""


SCENES = (
    Scene("A capital", ("What is the capital of Australia?",)),
    Scene("A sum", ("What is 17 + 26?",)),
    Scene("A poem", ("Write a four-line poem about the sea.",)),
    Scene("A translation", ("Translate into Chinese: Good morning, my friend.",)),
    Scene("A question in Chinese", ("为什么秋天树叶会变黄？请用两句话回答。",)),
    Scene(
        "A conversation that remembers a name",
        (
            "Hello! My name is Nora, and I would like to bake a cake.",
            "It is for my daughter. She turns six on Sunday.",
            "Which cake do children like?",
            "What do I need for it?",
            "How long does it have to be in the oven?",
            "How old will my daughter be on Sunday?",
            "And what is my name?",
            "Thank you. Write one sentence for the birthday card, signed with my name.",
        ),
    ),
    Scene(
        "A system text that holds",
        ("How do I make tea?", "And how long can I keep milk?"),
        system="You are a butler. Address the user as “Sir” in every answer, and answer in one "
        "sentence.",
    ),
    Scene(
        "A picture of text",
        ("Read this notice and sum it up in one sentence.", "When can I use the water again?"),
        file="notice.png",
        about="A picture that was drawn for this page.",
    ),
    Scene(
        "An MP3 of speech",
        ("What is said in this recording?", "Which book is it from?"),
        file="speech.mp3",
        about="Human speech, 24 seconds of `two_cities.wav` in the package moonshine-voice 0.1.5 "
        "(MIT), encoded as MP3.",
    ),
    Scene(
        "A PDF of three pages",
        (
            "How much money did the club have left at the end of the year?",
            "Who coaches the junior team?",
        ),
        file="report.pdf",
        about="Three pages that were written for this page.",
    ),
    Scene(
        "A photo of coffee",
        ("What do you see in this photo?",),
        file="coffee.png",
        about="`coffee.png` in the package scikit-image 0.26.0, a photo by Rachel Michetti, in the "
        "public domain (CC0).",
    ),
    Scene(
        "A Word document",
        ("What should I bring, and where do we meet if it rains?",),
        file="invitation.docx",
        about="An invitation with a table, written for this page.",
    ),
    Scene(
        "A HEIC photo, as telephones write them",
        ("What animal is this?",),
        file="photo.heic",
        about="`chelsea.png` in the package scikit-image 0.26.0, a photo by Stéfan van der Walt, "
        "in the public domain (CC0), written as HEIC with pillow-heif 1.8.1.",
    ),
    Scene("A drawing", ("Draw a cat wearing a hat.",)),
)
