"""Requests and answers from pairs of a medium and a caption. Words only.

Dialogues in the data bring their own words; these are for plain captions.
"""

from __future__ import annotations

import numpy as np

from training.datasets.examples import Exchange, Pair, Wanted

NOUNS = {"image": "picture", "audio": "sound", "video": "clip"}
DESCRIBE = {
    "image": ("describe this picture.", "what do you see?", "what is in the picture?"),
    "audio": ("describe this sound.", "what do you hear?", "what makes this sound?"),
    "video": ("describe this clip.", "what happens in this clip?", "what do you see?"),
}
REQUESTS = {
    "image": ("draw {x}", "show me {x}", "a picture of {x}", "make a picture: {x}"),
    "audio": ("play {x}", "let me hear {x}", "the sound of {x}", "make a sound: {x}"),
    "video": ("show a clip of {x}", "a video of {x}", "film {x}", "make a clip: {x}"),
}
ANY_REQUEST = ("{noun} {x}", "make a {noun} of {x}", "a {noun} of {x}", "i want a {noun}: {x}")
"""Requests for modalities that a plugin brings."""


def describe(pair: Pair, rng: np.random.Generator) -> Exchange:
    """An exchange that asks what a medium is and answers with its caption."""
    questions = DESCRIBE.get(pair.medium.modality, ("what is this?",))
    return Exchange((pair.medium,), _any(questions, rng), (pair.caption,))


def request(wanted: Wanted, rng: np.random.Generator) -> Exchange:
    """Make this. Here it is: the answer says what it shows, so that the states of the signal
    tokens, which come next, have it at hand."""
    noun = NOUNS.get(wanted.modality, wanted.modality)
    form = _any(REQUESTS.get(wanted.modality, ANY_REQUEST), rng)
    text = form.format(noun=noun, x=wanted.caption)
    return Exchange((), text, (f"Here is {wanted.caption}", wanted))


def _any(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]
