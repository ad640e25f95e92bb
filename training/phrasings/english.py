"""English sentences: what people say and what Pocket answers. Data only."""

from __future__ import annotations

from training.phrasings.book import Phrasebook, Phrases

DRAW = (
    "draw {x}", "draw me {x}", "show me {x}", "paint {x}", "make a picture of {x}",
    "a picture of {x}", "can you draw {x}", "i want to see {x}", "create an image of {x}",
    "sketch {x}", "show me a picture of {x}", "generate an image of {x}", "please draw {x}",
    "give me a picture of {x}", "could you paint {x}", "{x} as a picture", "image of {x}",
    "i would like to see {x}", "i want a picture of {x}", "i would like an image of {x}",
    "i need a drawing of {x}", "picture of {x}", "imagine {x}", "a drawing of {x}",
    "would you draw {x} for me", "i would like a picture of {x}", "picture {x}",
    "may i have an image of {x}", "let us see {x}",
)  # fmt: skip
HEAR = (
    "play the sound of {x}", "what does {x} sound like", "let me hear {x}", "make the sound of {x}",
    "play {x}", "i want to hear {x}", "the sound of {x}", "how does {x} sound",
    "give me the sound of {x}", "can you play {x}", "sound of {x}", "please play {x}",
    "make a sound like {x}", "generate the sound of {x}", "an audio clip of {x}",
    "i would like the sound of {x}", "i want the sound of {x}", "i need to hear {x}",
    "i would like to hear {x}", "could i hear {x}", "play me {x}", "i want to listen to {x}",
    "which sound does {x} make",
)  # fmt: skip
CLIP = (
    "show a clip of {x}", "make a video of {x}", "show me a video of {x}", "a clip of {x}",
    "animate {x}", "film {x}", "i want a video of {x}", "show me a clip of {x}",
    "can you make a clip of {x}", "generate a video of {x}", "a short film of {x}",
    "create a video of {x}", "please film {x}", "video of {x}", "make a clip of {x}",
    "i would like a video of {x}", "i need a clip of {x}", "i want to watch {x}",
    "i would like a clip of {x}", "could you film {x}", "make me a video of {x}",
    "let me watch {x}",
)  # fmt: skip
NOW = (
    "now {e}", "and {e}", "the same {e}", "now the same {e}", "do it {e}", "again, {e}", "but {e}",
    "make it {e}",
)  # fmt: skip

ENGLISH = Phrasebook(
    request={"image": DRAW, "audio": HEAR, "video": CLIP},
    both={
        "image": (
            "show me {x} and let me hear it", "draw {x} and play its sound",
            "draw {x} and let me hear it", "a picture and the sound of {x}",
            "show me {x} and play the sound", "i want to see and hear {x}",
            "paint {x} and make its sound",
        ),
        "video": (
            "make a video of {x} and let me hear it", "a clip of {x} with its sound",
            "film {x} and play its sound", "show a clip of {x} and let me hear it",
        ),
    },
    ask={
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
    },
    ask_all=("what is this", "what are these", "describe these", "tell me about these"),
    turn_into={
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
            "make this {m}", "make this picture {m}", "animate this picture", "let it {m}",
            "make a video of this", "let this {m}", "now make it {m}",
        ),
        ("video", "audio"): (
            "what would this clip sound like", "play the sound of this clip",
            "what does this sound like", "let me hear this video",
        ),
        ("video", "image"): (
            "draw this", "make a picture of this clip", "paint what you see", "draw what you see",
        ),
    },
    now={
        "place": NOW, "time": NOW, "weather": NOW,
        "colour": (
            "make it {e}", "now in {e}", "now make it {e}", "i want it {e}", "the same in {e}",
        ),
        "size": ("make it {e}", "now make it {e}", "a {e} one please", "i want it {e}"),
        "thing": (
            "now {e}", "the same with {e}", "and {e}", "make it {e}", "turn it into {e}",
        ),
        "motion": ("make it {m}", "now make it {m}", "let it {m}", "i want it to {m}"),
    },
    switch={
        "audio": (
            "and what does that sound like", "let me hear it", "now let me hear it",
            "play its sound", "what does it sound like",
        ),
        "image": (
            "and what does it look like", "draw it", "show me a picture of it", "now draw it",
            "now as a picture",
        ),
        "video": (
            "make a clip of it", "show me a video of it", "now as a clip", "film it",
            "animate it",
        ),
    },
    moves={
        "still": ("stand still", "stop moving"),
        "left": ("move left", "move to the left", "go left"),
        "right": ("move right", "move to the right", "go right"),
        "up": ("move up", "go up", "go upwards"),
        "down": ("move down", "go down", "go downwards"),
        "bounce": ("bounce", "bounce around", "hop around", "jump around"),
        "appear": ("appear slowly", "fade in"),
        "leave": ("leave slowly", "fade away"),
    },
    question={
        "thing": ("what is it", "what thing is it"),
        "colour": ("what colour is it", "which colour does it have", "what color is it"),
        "place": ("where is it", "what is the ground"),
        "time": ("what time of day is it", "is it day or night", "when is it"),
        "weather": ("how is the weather", "what is the weather like"),
        "size": ("how big is it", "is it big or small"),
        "position": ("on which side is it", "is it on the left or on the right"),
        "motion": ("how does it move", "what does it do"),
    },
    question_first={
        "thing": ("what was the first one", "what was the first thing"),
        "colour": ("what colour was the first one", "which colour did the first one have"),
        "place": ("where was the first one",),
        "time": ("what time of day was it in the first one",),
        "weather": ("how was the weather in the first one",),
    },
    answer={
        "thing": "It is {e}.", "colour": "It is {e}.", "place": "It is {e}.", "time": "It is {e}.",
        "weather": "It is {e}.", "size": "It is {e}.", "position": "It is {e}.",
        "motion": "It is {e}.",
    },
    make={"image": "Here is {x}.", "audio": "This is {x}.", "video": "Here is a clip of {x}."},
    see={"image": "I see {x}.", "audio": "I hear {x}.", "video": "I see a clip of {x}."},
    between=" ",
    talk=(
        (
            ("hello", "hi", "hey", "good morning", "hello there", "good evening", "hi medley"),
            "Hello! Ask me to draw, play or film something.",
        ),
        (
            ("who are you", "what are you", "what is your name", "are you a robot", "who made you"),
            "I am Pocket, a tiny model inside Medley. I live in Pocketworld.",
        ),
        (
            ("what can you do", "help", "what do you know", "how can you help me", "what can i ask",
             "do you speak chinese"),
            "I can draw, play sounds, make clips, and tell you what I see and hear in Pocketworld.",
        ),
        (
            ("thank you", "thanks", "great", "well done", "nice", "that is lovely", "good job"),
            "You are welcome!",
        ),
        (("bye", "goodbye", "see you", "good night"), "Goodbye!"),
        (
            ("how are you", "how do you do", "are you well"),
            "I am well, thank you. And ready to draw.",
        ),
    ),
    outside_ask=(
        "who is {n}", "what is {n}", "tell me about {n}", "explain {n}", "write a poem about {n}",
        "what do you think of {n}", "how does {n} work", "where can i find {n}", "translate {n}",
        "draw {n}", "show me {n}", "play {n}", "a picture of {n}", "what is the price of {n}",
    ),
    outside=(
        "the president", "einstein", "paris", "quantum physics", "the moon landing", "my mother",
        "the stock market", "a castle", "a dragon", "a horse", "love", "two plus two",
        "the weather report", "python code", "a pizza", "the universe", "football", "a mountain",
        "a robot", "a computer", "shakespeare", "the internet", "a piano", "jazz music",
        "my homework", "an elephant", "history", "a house", "a flower", "a spaceship", "beethoven",
        "the news", "chess", "a wizard", "a bicycle", "a lion", "an octopus", "a whale", "a spider",
        "a penguin", "a monkey", "a cow", "a sheep", "a dinosaur", "a unicorn", "an apple",
        "a banana", "bread", "cheese", "coffee", "chocolate", "a hamburger", "soup", "a knife",
        "a hammer", "a phone", "a camera", "a telescope", "a violin", "a trumpet", "the opera",
        "rock music", "a helicopter", "an aeroplane", "a tractor", "a skyscraper", "a bridge",
        "a museum", "a hospital", "a school", "a teacher", "a doctor", "a pirate", "a princess",
        "a king", "an astronaut", "a vampire", "santa claus", "mozart", "darwin", "cleopatra",
        "rome", "london", "africa", "the eiffel tower", "mars", "a galaxy", "a volcano",
        "a river", "a forest", "a desert island", "a waterfall", "chemistry", "philosophy",
        "the middle ages", "democracy", "economics", "grammar", "the alphabet", "tennis",
        "swimming", "a wedding", "my cousin", "a password", "a banknote", "a newspaper",
    ),
    refusal="I do not know that. I only know Pocketworld: its things, places, weather and sounds.",
    before=("please ", "could you ", "can you ", "would you ", "i want you to ", "now "),
    after=(" please", " for me", " now", " for my friend"),
    verbs=(
        "draw", "paint", "show", "make", "play", "film", "animate", "create", "generate", "give",
    ),
    ends=("", "", ".", "!"),
    question_ends=("", "?", "?"),
)  # fmt: skip

HELD_OUT: dict[str, Phrases] = {
    "request image": (
        "could i see {x}", "let me see {x}",
        "i need an image of {x}", "can i have a drawing of {x}",
        "make me a picture of {x}",
    ),
    "request audio": (
        "can i hear {x}", "let me listen to {x}", "what sound does {x} make",
        "i need the sound of {x}", "give me a sound like {x}",
    ),
    "request video": (
        "can i watch {x}", "i need a video of {x}", "make me a clip of {x}",
        "may i see a film of {x}", "give me a video of {x}",
    ),
    "both image": ("show me a picture of {x} and play its sound", "let me see and hear {x}"),
    "both video": ("show me a video of {x} and play the sound", "a video of {x} with its sound"),
    "ask image": (
        "tell me what you see", "can you describe this image", "what does this image show",
        "what is in the picture",
    ),
    "ask audio": (
        "tell me what you hear", "can you describe this sound", "what do you hear in this sound",
        "describe the sound",
    ),
    "ask video": (
        "tell me what happens here", "can you describe this clip", "what does this clip show",
        "what is in this video",
    ),
    "turn audio image": (
        "make an image of what you hear", "paint this sound", "show me what makes this sound",
        "what would this look like",
    ),
    "turn audio video": (
        "animate what you hear", "show me a video of this sound", "make a clip of this sound",
        "film what makes this sound",
    ),
    "turn image audio": (
        "make the sound of this", "let me hear this", "how would this sound",
        "play the sound of this picture",
    ),
    "turn image video": (
        "turn this picture into a video", "make a clip of this picture", "let this picture {m}",
        "bring this picture to life",
    ),
    "turn video audio": (
        "make the sound of this video", "let me hear this clip", "how does this clip sound",
        "play the sound of this video",
    ),
    "turn video image": (
        "draw this clip", "make a picture of this video", "paint this",
        "draw what you see in this clip",
    ),
    "edit place": ("and now {e}", "the same one {e}", "can you do it {e}", "show it {e}"),
    "edit time": ("and now {e}", "the same one {e}", "can you do it {e}", "show it {e}"),
    "edit weather": ("and now {e}", "the same one {e}", "can you do it {e}", "show it {e}"),
    "edit colour": ("can you make it {e}", "and now in {e}", "now i want it {e}", "do it in {e}"),
    "edit size": (
        "can you make it {e}", "now a {e} one", "now i want it {e}", "can i have a {e} one",
    ),
    "edit thing": ("now with {e}", "and now {e}", "the same but with {e}", "now turn it into {e}"),
    "edit motion": ("can you make it {m}", "and now let it {m}", "now i want it to {m}"),
    "switch audio": ("and how does it sound", "now play its sound", "i want to hear it"),
    "switch image": ("paint it", "now show me a picture of it", "make a picture of it"),
    "switch video": ("make a video of it", "now film it", "show me a clip of it"),
}  # fmt: skip
"""For evaluation only, by kind. Their words occur in training, these phrasings do not."""
