"""English requests for what is described in words, alone and with its sound. Data only."""

from __future__ import annotations

from training.dialogues.phrasings.book import Phrases

DRAW = (
    "draw {x}", "draw me {x}", "show me {x}", "paint {x}", "make a picture of {x}",
    "a picture of {x}", "can you draw {x}", "i want to see {x}", "create an image of {x}",
    "sketch {x}", "show me a picture of {x}", "generate an image of {x}", "please draw {x}",
    "give me a picture of {x}", "could you paint {x}", "{x} as a picture", "image of {x}",
    "i would like to see {x}", "i want a picture of {x}", "i would like an image of {x}",
    "i need a drawing of {x}", "picture of {x}", "imagine {x}", "a drawing of {x}",
    "would you draw {x} for me", "i would like a picture of {x}", "picture {x}",
    "may i have an image of {x}", "let us see {x}",
    "can you show me {x}", "can i see {x}", "may i see {x}", "render {x}", "a painting of {x}",
    "draw a picture of {x}", "paint a picture of {x}", "do you have a picture of {x}",
    "is there a picture of {x}", "what does {x} look like", "how does {x} look", "a photo of {x}",
    "show me a photo of {x}", "create a picture of {x}", "i would love to see {x}",
    "could you make a picture of {x}", "produce a picture of {x}",
)  # fmt: skip
HEAR = (
    "play the sound of {x}", "what does {x} sound like", "let me hear {x}", "make the sound of {x}",
    "play {x}", "i want to hear {x}", "the sound of {x}", "how does {x} sound",
    "give me the sound of {x}", "can you play {x}", "sound of {x}", "please play {x}",
    "make a sound like {x}", "generate the sound of {x}", "an audio clip of {x}",
    "i would like the sound of {x}", "i want the sound of {x}", "i need to hear {x}",
    "i would like to hear {x}", "could i hear {x}", "play me {x}", "i want to listen to {x}",
    "which sound does {x} make",
    "what noise does {x} make", "i would love to hear {x}", "may i hear {x}", "record {x}",
    "could you play {x}", "how would {x} sound", "what would {x} sound like", "listen to {x}",
    "a recording of {x}", "the noise of {x}", "play the noise of {x}", "play a recording of {x}",
    "create the sound of {x}", "produce the sound of {x}", "audio of {x}", "imitate {x}",
    "is there a sound of {x}", "make a noise like {x}", "let us hear {x}",
)  # fmt: skip
CLIP = (
    "show a clip of {x}", "make a video of {x}", "show me a video of {x}", "a clip of {x}",
    "animate {x}", "film {x}", "i want a video of {x}", "show me a clip of {x}",
    "can you make a clip of {x}", "generate a video of {x}", "a short film of {x}",
    "create a video of {x}", "please film {x}", "video of {x}", "make a clip of {x}",
    "i would like a video of {x}", "i need a clip of {x}", "i want to watch {x}",
    "i would like a clip of {x}", "could you film {x}", "make me a video of {x}",
    "let me watch {x}",
    "can i see a video of {x}", "play a video of {x}", "a video of {x}", "an animation of {x}",
    "make an animation of {x}", "create a clip of {x}", "a movie of {x}", "make a movie of {x}",
    "shoot a video of {x}", "record a video of {x}", "footage of {x}", "show me footage of {x}",
    "a moving picture of {x}", "could you make a video of {x}", "can you animate {x}",
    "produce a video of {x}", "is there a video of {x}", "do you have a clip of {x}",
    "give me a clip of {x}",
)  # fmt: skip

REQUEST: dict[str, Phrases] = {"image": DRAW, "audio": HEAR, "video": CLIP}
"""Requests by modality."""
BOTH: dict[str, Phrases] = {
    "image": (
        "show me {x} and let me hear it", "draw {x} and play its sound",
        "draw {x} and let me hear it", "a picture and the sound of {x}",
        "show me {x} and play the sound", "i want to see and hear {x}",
        "paint {x} and make its sound", "show me {x} and play its sound",
        "draw {x} and make its sound", "paint {x} and let me hear it",
        "draw {x} with its sound", "i want a picture and the sound of {x}",
        "i would like to see and hear {x}", "can i see and hear {x}",
        "make a picture of {x} and play the sound", "a picture of {x} with its sound",
        "create an image of {x} with sound", "what does {x} look and sound like",
        "how does {x} look and sound", "give me a picture of {x} and its sound",
        "picture and sound of {x}",
    ),
    "video": (
        "make a video of {x} and let me hear it", "a clip of {x} with its sound",
        "film {x} and play its sound", "show a clip of {x} and let me hear it",
        "make a clip of {x} and play its sound", "film {x} with sound",
        "film {x} and let me hear it", "animate {x} and play its sound",
        "animate {x} with sound", "a clip of {x} with sound", "a movie of {x} with its sound",
        "video and sound of {x}", "i want a video of {x} with sound",
        "i would like a clip of {x} and its sound", "i want to watch and hear {x}",
        "create a video of {x} and play the sound", "give me a clip of {x} with sound",
        "show me a clip of {x} and play its sound", "generate a clip of {x} with its sound",
        "make a movie of {x} and play the sound",
    ),
}  # fmt: skip
"""A picture or clip, and its sound; by the modality that is seen."""
