"""How people ask and how Pocket answers: the sentences of its dialogues. Data only.

`{x}` is a caption, `{m}` a direction. Phrasings in `HELD_OUT` are used in evaluation only.
"""

from __future__ import annotations

DRAW = (
    "draw {x}", "draw me {x}", "show me {x}", "paint {x}", "make a picture of {x}",
    "a picture of {x}", "can you draw {x}", "i want to see {x}", "create an image of {x}",
    "sketch {x}", "show me a picture of {x}", "generate an image of {x}", "please draw {x}",
    "give me a picture of {x}", "could you paint {x}", "{x} as a picture", "image of {x}",
    "i would like to see {x}", "i want a picture of {x}", "i would like an image of {x}",
    "i need a drawing of {x}", "picture of {x}", "imagine {x}", "a drawing of {x}",
)  # fmt: skip
HEAR = (
    "play the sound of {x}", "what does {x} sound like", "let me hear {x}", "make the sound of {x}",
    "play {x}", "i want to hear {x}", "the sound of {x}", "how does {x} sound",
    "give me the sound of {x}", "can you play {x}", "sound of {x}", "please play {x}",
    "make a sound like {x}", "generate the sound of {x}", "an audio clip of {x}",
    "i would like the sound of {x}", "i want the sound of {x}", "i need to hear {x}",
)  # fmt: skip
CLIP = (
    "show a clip of {x}", "make a video of {x}", "show me a video of {x}", "a clip of {x}",
    "animate {x}", "film {x}", "i want a video of {x}", "show me a clip of {x}",
    "can you make a clip of {x}", "generate a video of {x}", "a short film of {x}",
    "create a video of {x}", "please film {x}", "video of {x}", "make a clip of {x}",
    "i would like a video of {x}", "i need a clip of {x}", "i want to watch {x}",
)  # fmt: skip
BEFORE = ("please ", "could you ", "can you ", "would you ", "i want you to ", "now ")
AFTER = (" please", " for me", " now", " for my friend")
"""Put around a request that begins with a verb."""
VERBS = ("draw", "paint", "show", "make", "play", "film", "animate", "create", "generate", "give")
SEE_AND_HEAR = (
    "show me {x} and let me hear it", "draw {x} and play its sound", "draw {x} and let me hear it",
    "a picture and the sound of {x}", "show me {x} and play the sound",
    "i want to see and hear {x}", "paint {x} and make its sound",
)  # fmt: skip
FILM_AND_HEAR = (
    "make a video of {x} and let me hear it", "a clip of {x} with its sound",
    "film {x} and play its sound", "show a clip of {x} and let me hear it",
)  # fmt: skip
ASK = {
    "image": (
        "what is this", "what is in this picture", "describe this picture", "what do you see",
        "tell me about this image", "what can you see here", "describe what you see",
        "what does this picture show", "describe the image",
    ),
    "audio": (
        "what is this", "what do you hear", "what is this sound", "describe this sound",
        "what is in this sound", "what can you hear", "describe what you hear",
        "what makes this sound", "tell me about this sound",
    ),
    "video": (
        "what is this", "what happens in this clip", "describe this video", "what do you see",
        "what is in this clip", "tell me about this video", "describe this clip",
        "what does this video show", "what is going on here",
    ),
}  # fmt: skip
TURN_INTO = {
    ("audio", "image"): (
        "draw what you hear", "paint what makes this sound", "show me what you hear",
        "what does this look like", "make a picture of this sound", "draw this sound",
    ),
    ("audio", "video"): (
        "make a clip of what you hear", "film what you hear", "make a video of this sound",
        "show me a clip of what you hear",
    ),
    ("image", "audio"): (
        "what would this picture sound like", "what does this sound like",
        "let me hear this picture", "play the sound of this", "make the sound of this picture",
        "what would this sound like",
    ),
    ("image", "video"): (
        "make this picture move", "animate this", "turn this into a clip", "bring this to life",
        "make this move {m}", "make this picture move {m}", "animate this picture",
        "make a video of this moving {m}", "let it move {m}",
    ),
    ("video", "audio"): (
        "what would this clip sound like", "play the sound of this clip",
        "what does this sound like",
        "let me hear this video",
    ),
    ("video", "image"): (
        "draw this", "make a picture of this clip", "paint what you see", "draw what you see",
    ),
}  # fmt: skip
NOW = ("now {e}", "and {e}", "the same {e}", "now the same {e}", "do it {e}", "again, {e}")
"""Edits by a place, time or weather phrase."""
NOW_COLOUR = ("make it {e}", "now in {e}", "now make it {e}", "i want it {e}", "the same in {e}")
NOW_SIZE = ("make it {e}", "now make it {e}", "a {e} one please", "i want it {e}")
NOW_THING = ("now a {e}", "the same with a {e}", "and a {e}", "make it a {e}")
NOW_SOUND = (
    "and what does that sound like", "let me hear it", "now let me hear it", "play its sound",
    "what does it sound like",
)  # fmt: skip
NOW_MOVE = ("make it move {m}", "now make it move {m}", "let it move {m}", "animate it moving {m}")
QUESTION = {
    "thing": ("what is it", "what thing is it"),
    "colour": ("what colour is it", "which colour does it have", "what color is it"),
    "place": ("where is it", "what is the ground"),
    "time": ("what time of day is it", "is it day or night", "when is it"),
    "weather": ("how is the weather", "what is the weather like"),
    "size": ("how big is it", "is it big or small"),
}
TALK: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("hello", "hi", "hey", "good morning", "hello there", "good evening", "hi medley"),
        "Hello! Ask me to draw, play or film something.",
    ),
    (
        ("who are you", "what are you", "what is your name", "are you a robot", "who made you"),
        "I am Pocket, a tiny model inside Medley. I live in Pocketworld.",
    ),
    (
        ("what can you do", "help", "what do you know", "how can you help me", "what can i ask"),
        "I can draw, play sounds, make clips, and tell you what I see and hear in Pocketworld.",
    ),
    (
        ("thank you", "thanks", "great", "well done", "nice", "that is lovely", "good job"),
        "You are welcome!",
    ),
    (("bye", "goodbye", "see you", "good night"), "Goodbye!"),
    (("how are you", "how do you do", "are you well"), "I am well, thank you. And ready to draw."),
)
OUTSIDE_ASK = (
    "who is {n}", "what is {n}", "tell me about {n}", "explain {n}", "write a poem about {n}",
    "what do you think of {n}", "how does {n} work", "where can i find {n}", "translate {n}",
    "draw {n}", "show me {n}", "play {n}", "a picture of {n}", "what is the price of {n}",
)  # fmt: skip
OUTSIDE = (
    "the president", "einstein", "paris", "quantum physics", "the moon landing", "my mother",
    "the stock market", "a castle", "a dragon", "a horse", "love", "two plus two",
    "the weather report",
    "python code", "a pizza", "the universe", "football", "a mountain", "a robot", "a computer",
    "shakespeare", "the internet", "a piano", "jazz music", "my homework", "an elephant", "history",
    "a house", "a flower", "a spaceship", "beethoven", "the news", "chess", "a wizard", "a bicycle",
)  # fmt: skip
REFUSAL = "I do not know that. I only know Pocketworld: its things, places, weather and sounds."
HELD_OUT = {
    "image": ("would you draw {x} for me", "i would like a picture of {x}", "picture {x}"),
    "audio": ("i would like to hear {x}", "could i hear {x}", "play me {x}"),
    "video": ("i would like a clip of {x}", "could you film {x}", "make me a video of {x}"),
}
