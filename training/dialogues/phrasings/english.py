"""English sentences: the user's and Pocket's. Data only."""

from __future__ import annotations

from training.dialogues.phrasings.book import Phrasebook, crossed
from training.dialogues.phrasings.english_requests import BOTH, REQUEST

NOW = (
    "now {e}", "and {e}", "the same {e}", "now the same {e}", "do it {e}", "again, {e}", "but {e}",
    "make it {e}", "how about {e}", "what about {e}", "this time {e}", "once more, {e}",
    "again but {e}", "the same but {e}", "i want it {e}", "i would like it {e}", "let it be {e}",
    "could it be {e}", "the same thing {e}",
)  # fmt: skip
GIVEN_PICTURE = ("this picture", "this photo", "the image", "my picture")
MAKES_SOUND = ("what makes this sound", "what is making this noise")
HEARD = ("what you hear", "this sound", "this recording", *MAKES_SOUND)
GIVEN_CLIP = ("this clip", "this video", "this movie")

OF_MEDIUM = r"(?:(?<=\ba )|(?<=\bthe )|(?<=\bthis )|(?<=\bthat )|(?<=\bmy )|(?<=\byour ))"
"""Before a noun; after other words it may be a verb."""

ENGLISH = Phrasebook(
    request=REQUEST,
    both=BOTH,
    ask={
        "image": (
            "what is this", "what do you see", "what can you see here", "describe what you see",
            "what does this picture show", "what does this photo show", "tell me about this",
            "what does the picture show", "what is shown here", "what am i looking at",
            "say what you see", "can you describe this picture", "could you describe the photo",
            "can you tell me what this is", "look at this, what is it", "what is on this picture",
            "what is in this picture", "what is in this photo", "what is in my picture",
            *crossed(
                ("describe", "tell me about", "what can you see in", "what do you see in"),
                GIVEN_PICTURE,
            ),
            "tell me about this image",
        ),
        "audio": (
            "what is this", "what do you hear", "what can you hear", "describe what you hear",
            "what makes this sound", "what is making this noise", "what made this sound",
            "what is that sound", "what is that noise", "where does this sound come from",
            "which thing makes this sound", "say what you hear", "what am i hearing",
            "listen and tell me what it is", "can you tell me what this sound is",
            "what could this sound be", "do you know this sound", "can you describe what you hear",
            "name this sound", "listen to this, what is it", "can you hear what this is",
            *crossed(
                ("what is", "what is in", "describe", "tell me about", "what can you hear in"),
                ("this sound", "this recording", "this audio"),
            ),
        ),
        "video": (
            "what is this", "what do you see", "what is in this clip", "what is going on here",
            "what does this video show", "what does this movie show", "what is happening here",
            "what is happening in this video", "what is going on in this clip",
            "can you describe this video", "what am i watching", "say what happens",
            "what is in this movie", "watch this and tell me what you see",
            "can you tell me what happens in this video", "what is shown in this video",
            "what can you see in this clip", "what happens here", "describe what happens",
            *crossed(
                ("what happens in", "describe", "tell me about", "what do you see in"), GIVEN_CLIP
            ),
        ),
    },
    ask_all=(
        "what is this", "what are these", "describe these", "tell me about these",
        "what is all this", "what do i have here", "describe all of these", "what do these show",
        "tell me about all of these", "what do you see and hear", "describe everything",
        "what is in these", "can you describe these", "tell me what these are",
    ),
    turn_into={
        ("audio", "image"): (
            "paint what makes this sound", "paint what you hear", "show me what you hear",
            "what does this look like", "how does this look", "what would this sound look like",
            "turn this sound into a picture", "turn this into a picture", "make this a picture",
            "for this sound, draw a picture", "a picture for this sound",
            "i want to see what makes this sound", "can i see what you hear", "picture this sound",
            "let me see what makes this sound", "listen to this and draw it", "listen and paint",
            "draw the thing that makes this sound", "show me the thing that you hear",
            "could you show me what is making this noise", "what makes this sound, show me",
            "i would like to see what you hear", "can you show me this sound",
            *crossed(
                ("draw", "sketch", "make a picture of", "can you draw", "i want a picture of"),
                HEARD,
            ),
        ),
        ("audio", "video"): (
            "make a clip of what you hear", "film what you hear", "film this sound",
            "show me a clip of what you hear", "animate this sound",
            "animate what makes this sound", "turn this into a video",
            "turn this sound into a video", "turn this sound into a clip",
            "a video for this sound", "make a movie of what you hear", "let me watch this sound",
            "for this sound, make a clip", "i want to watch what you hear",
            "let me watch what makes this sound", "a moving picture of what you hear",
            *crossed(
                ("make a video of", "create a clip of", "i want a clip of", "can you film"), HEARD
            ),
        ),
        ("image", "audio"): (
            "what does this sound like", "what would this sound like", "how does this sound",
            "how would this picture sound", "how does this photo sound", "play the sound of this",
            "make the sound of this picture", "what sound does this make",
            "what noise does this make", "what noise would this make", "what is the sound of this",
            "what sound does this picture make", "which sound belongs to this picture",
            "add sound to this picture", "give this picture a sound", "make this audible",
            "turn this picture into a sound", "turn this photo into audio", "turn this into sound",
            "for this picture, play the sound", "make audio for this photo", "listen to this",
            "could i listen to this", "sound for this picture", "can you make the noise of this",
            "i want to hear what you see", "play what you see", "what would you hear here",
            "for the image, let me hear the sound", "i would like to hear this",
            *crossed(("what would", "what does"), GIVEN_PICTURE, ("sound like",)),
            *crossed(("let me hear", "can i hear", "i want to listen to"), GIVEN_PICTURE),
            *crossed(
                ("play", "give me", "i would like"), ("the sound of", "the noise of"),
                ("this photo", "what you see"),
            ),
        ),
        ("image", "video"): (
            "turn this into a clip", "turn this into a video", "turn my picture into a video",
            "make this into a movie", "turn the image into an animation", "film this",
            "bring this to life", "bring this photo to life", "bring the image to life",
            "set this picture in motion", "put this photo in motion", "a clip of this",
            "a moving picture of this", "for this picture, make a clip", "let this picture move",
            "i want to see this move", "i want to see my picture in motion", "can this move",
            "show me this in motion", "make it come alive", "can you make this a video",
            *crossed(("animate", "make a video of", "i want a clip of"), ("this", *GIVEN_PICTURE)),
            *crossed(("make", "can you make"), ("this", "what you see", *GIVEN_PICTURE), ("move",)),
            "let it {m}", "make it {m}", "now make it {m}", "animate this and make it {m}",
            "show me how this would {m}", "i would like it to {m}", "can it {m}", "have this {m}",
            "turn this into a clip and let it {m}", "for this picture, make it {m}",
            "let this {m}", "let this photo {m}", "let the image {m}", "film it, let it {m}",
            *crossed(("make", "can you make"), ("this", *GIVEN_PICTURE), ("{m}",)),
            *crossed(("i want", "i would like"), ("this", "this picture"), ("to {m}",)),
            *crossed(("i want to see", "let me see"), ("this", "this photo"), ("{m}",)),
        ),
        ("video", "audio"): (
            "what does this sound like", "let me hear this video", "let me hear this movie",
            "how does this video sound", "how would this clip sound", "add sound to this video",
            "give this clip a sound", "turn this video into sound",
            "what sound does this clip make",
            "what noise is in this clip", "for this video, play the sound", "listen to this clip",
            "let me hear what happens here", "which sound belongs to this video",
            *crossed(("what would", "what does"), GIVEN_CLIP, ("sound like",)),
            *crossed(("can i hear", "i want to hear"), GIVEN_CLIP),
            *crossed(
                ("play", "give me"), ("the sound of", "the noise of"), ("this clip", "this movie")
            ),
        ),
        ("video", "image"): (
            "draw this", "paint what you see", "draw what you see", "sketch what you see",
            "draw what happens here", "turn this video into a picture", "a photo of this clip",
            "turn this clip into an image", "take a picture of this video", "sketch this video",
            "take a photo of this clip", "show me one picture of this video", "draw this movie",
            "for this clip, draw a picture", "a picture of this video", "draw this video",
            "make this clip a picture", "i want to see this as a picture", "paint this movie",
            "make a picture of this clip", "make a picture of this movie", "paint this clip",
            *crossed(
                ("show me a picture of", "create an image of", "i want a picture of"), GIVEN_CLIP
            ),
        ),
    },
    now={
        "place": (*NOW, "put it {e}", "place it {e}"), "time": NOW, "weather": NOW,
        "colour": (
            "make it {e}", "now in {e}", "now make it {e}", "i want it {e}", "the same in {e}",
            "change it to {e}", "colour it {e}", "i would like it {e}", "could it be {e}",
            "the same but {e}", "what about {e}", "how about {e}", "change the colour to {e}",
            "but {e}", "this time in {e}", "let it be {e}", "give it the colour {e}", "in {e}",
        ),
        "size": (
            "make it {e}", "now make it {e}", "a {e} one please", "i want it {e}",
            "i want a {e} one", "show me a {e} one", "the same but {e}", "could it be {e}",
            "i would like it {e}", "make a {e} one", "let it be {e}", "how about a {e} one",
            "give me a {e} one", "change it to {e}", "this time {e}", "what about a {e} one",
        ),
        "thing": (
            "now {e}", "the same with {e}", "and {e}", "make it {e}", "turn it into {e}",
            "change it to {e}", "replace it with {e}", "make that {e}", "{e} instead",
            "how about {e}", "what about {e}", "i want {e} instead", "with {e} instead",
            "swap it for {e}", "turn that into {e}", "use {e} instead", "this time with {e}",
            "i would rather have {e}", "take {e} instead",
        ),
        "motion": (
            "make it {m}", "now make it {m}", "let it {m}", "i want it to {m}", "now let it {m}",
            "have it {m}", "could it {m}", "i would like it to {m}", "let me see it {m}",
            "i want to see it {m}", "this time let it {m}", "can it {m}", "make that {m}",
            "the same but let it {m}", "please make it {m}", "it should {m}", "tell it to {m}",
        ),
    },
    switch={
        "audio": (
            "and what does that sound like", "let me hear it", "now let me hear it",
            "play its sound", "what does it sound like", "and the sound", "now the sound",
            "what is its sound", "i would like to hear it", "can i hear it", "could i hear that",
            "let me hear that", "how does it sound", "what sound does it make",
            "what noise does it make", "play the sound of it", "make its sound", "make its noise",
            "now with sound", "give me its sound", "let me listen to it", "turn it into a sound",
        ),
        "image": (
            "and what does it look like", "draw it", "show me a picture of it", "now draw it",
            "now as a picture", "show me what it looks like", "how does it look",
            "what does that look like", "what would it look like", "let me see it", "can i see it",
            "i want to see it", "i would like to see it", "sketch it", "draw that", "paint that",
            "a picture of it", "turn it into a picture", "make an image of it",
            "give me a picture of it", "create a picture of it", "can you draw it",
            "show it to me", "a photo of it",
        ),
        "video": (
            "make a clip of it", "show me a video of it", "now as a clip", "film it",
            "animate it", "make it move", "can it move", "let it move", "turn it into a video",
            "turn it into a clip", "now animate it", "bring it to life", "a clip of it",
            "a video of it", "i want to see it move", "i want a video of it", "can you animate it",
            "can you film it", "make a movie of it", "now as a video", "film that",
            "animate that", "give me a clip of it", "create a video of it", "let me watch it",
        ),
    },
    moves={
        "still": (
            "stand still", "stop moving", "stay still", "keep still", "stay where it is", "freeze",
            "stay put",
        ),
        "left": (*crossed(("move", "go", "travel"), ("left", "to the left")), "drift left"),
        "right": (*crossed(("move", "go", "travel"), ("right", "to the right")), "drift right"),
        "up": ("move up", "go up", "go upwards", "rise", "climb", "move upwards", "float up"),
        "down": (
            "move down", "go down", "go downwards", "sink", "move downwards",
            "come down", "descend",
        ),
        "bounce": (
            "bounce", "bounce around", "hop around", "jump around", "jump", "hop",
            "jump up and down", "bounce up and down",
        ),
        "appear": (
            "appear slowly", "fade in", "slowly appear", "come into view", "show up slowly",
            "appear bit by bit", "become visible",
        ),
        "leave": (
            "leave slowly", "fade away", "slowly leave", "vanish", "go away", "fade out",
            "slowly disappear", "disappear",
        ),
    },
    question={
        "thing": (
            "what is it", "what thing is it", "what kind of thing is it", "which thing is it",
            "what is that thing", "what do you call it",
        ),
        "colour": (
            "what colour is it", "which colour does it have", "what color is it",
            "which colour is it", "what is its colour", "tell me its colour", "which color is it",
        ),
        "place": (
            "where is it", "what is the ground", "what is it on", "in which place is it",
            "what is under it", "tell me where it is", "where can it be found",
        ),
        "time": (
            "what time of day is it", "is it day or night", "when is it", "tell me the time of day",
            "which time of day is it", "when does this happen",
        ),
        "weather": (
            "how is the weather", "what is the weather like", "what weather is it",
            "which weather is it", "tell me the weather", "is the weather good or bad",
        ),
        "size": (
            "how big is it", "is it big or small", "what size is it", "how large is it",
            "is it small or large", "tell me its size", "which size does it have",
        ),
        "position": (
            "on which side is it", "is it on the left or on the right", "which side is it on",
            "where in the picture is it", "is it left or right", "what is its position",
            "in which part of the picture is it",
        ),
        "motion": (
            "how does it move", "what does it do", "what is it doing", "how is it moving",
            "where does it go", "which way does it go", "in which direction does it move",
        ),
    },
    question_first={
        "thing": (
            "what was the first one", "what was the first thing", "what came first",
            "which thing was first", "what was there first", "what kind of thing was the first one",
        ),
        "colour": (
            *crossed(("what", "which"), ("colour was", "color was"), ("the first one",)),
            "which colour did the first one have", "what was the colour of the first one",
        ),
        "place": (
            *crossed(("where was", "what was under"), ("the first one", "the first thing")),
            "in which place was the first one", "tell me where the first one was",
        ),
        "time": crossed(
            ("what time of day was it", "which time of day was it", "was it day or night",
             "when was it", "what was the time of day", "tell me the time of day"),
            ("in the first one",),
        ),
        "weather": crossed(
            ("how was the weather", "what was the weather like", "what weather was it",
             "which weather was it", "tell me the weather", "what was the weather"),
            ("in the first one",),
        ),
    },
    answer={
        "thing": "It is {e}.", "colour": "It is {e}.", "place": "It is {e}.", "time": "It is {e}.",
        "weather": "It is {e}.", "size": "It is {e}.", "position": "It is {e}.",
        "motion": "It is {e}.",
    },
    make={"image": "Here is {x}.", "audio": "This is {x}.", "video": "Here is a clip of {x}."},
    make_several="Here are {x}.",
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
        "film {n}", "a video of {n}", "what does {n} sound like", "let me hear {n}",
        "do you know {n}", "how old is {n}", "what do you know about {n}", "can you draw {n}",
        "write a story about {n}", "who made {n}", "animate {n}", "i want to see {n}",
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
    before=(
        "please ", "could you ", "can you ", "would you ", "i want you to ", "now ",
        "could you please ", "can you please ", "i would like you to ", "i need you to ",
    ),
    after=(" please", " for me", " now", " for my friend"),
    verbs=(
        "draw", "paint", "show", "make", "play", "film", "animate", "create", "generate", "give",
        "produce", "render", "imitate",
    ),
    openers=(
        "ok, ", "okay, ", "hey, ", "hi, ", "well, ", "so, ", "alright, ", "good, ", "nice, ",
        "right, ", "hmm, ", "oh, ", "please, ", "great, now ", "ok now ", "and ", "now ",
    ),
    closers=(" please", ", please", " thanks", ", thank you", ", if you can", " for me"),
    unclosed=r"please|thank|for me|if you can",
    nouns=(
        (
            rf"{OF_MEDIUM}(?:picture|photo|drawing|painting|sketch)\b",
            ("picture", "photo", "drawing", "painting", "sketch"),
        ),
        (
            rf"{OF_MEDIUM}(?:clip|video|film|movie)\b",
            ("clip", "video", "film", "movie"),
        ),
        (
            rf"{OF_MEDIUM}(?:sound|noise|recording)\b(?! like|$)",
            ("sound", "noise", "recording"),
        ),
    ),
    named={
        "image": r"\b(?:draw|drawing|sketch|picture|photo|image|painting)\b",
        "audio": r"\b(?:sound|noise|hear|listen|audio)\b",
        "video": r"\b(?:clip|video|film|movie|animation)\b",
    },
    ends=("", "", ".", "!"),
    question_ends=("", "?", "?"),
    asks=r"(?i)^((please|now|and|ok|okay|hey|hi|well|so|alright|good|nice|right|hmm|oh|great),? )*"
    r"(what|how|which|who|where|when|can|could|would|will|may|is|are|do|does|did|am)\b",
)  # fmt: skip
