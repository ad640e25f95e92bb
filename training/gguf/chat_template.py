"""Conversion of a chat model's own template to a bundle's: the text around a conversation's
messages.

Knows chat templates (Jinja) and the manifest's pieces; knows no model. The template comes with the
model and is untrusted: it runs in transformers' sandbox.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from jinja2 import TemplateError
from transformers.utils.chat_template_utils import render_jinja_template

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec

MEDIA_OPEN, MEDIA_CLOSE = "<Img>", "</Img>"
"""Tags that the reference writes around every medium, whatever its kind."""
_ASKED, _ANSWERED, _ASKED_AGAIN = "MEDLEYfirst", "MEDLEYanswer", "MEDLEYsecond"


def template_from_chat(
    chat_template: str, *, bos: str, eos: str, ends: Collection[str]
) -> TemplateSpec:
    """The bundle's template that writes conversations as `chat_template` does.

    Args:
        chat_template: the model's, in Jinja.
        bos: text of the token that begins a text.
        eos: text of the token that ends one.
        ends: texts of all tokens that end an answer.

    Raises:
        KnownError: it fails, or does not write a conversation turn after turn.
    """
    text = _rendered(chat_template, bos, eos)
    before, _, rest = text.partition(_ASKED)
    user_close, _, rest = rest.partition(_ANSWERED)
    between, found, after = rest.partition(_ASKED_AGAIN)
    if not found:
        raise KnownError(
            "language model: expected a chat template that writes questions and answers in turn, "
            "found one that does not; name a bundle with --template whose template fits the model."
        )
    ended = min((between.find(end) + len(end) for end in ends if end in between), default=0)
    user_open = _common_end(before, between[ended:])
    answer_close = between[: len(between) - len(user_open)]
    # Where only words end an answer, the model also learns to end it with its own token.
    next_turn = between.strip()
    # A prompt may begin the answer, for example with thinking, in a way that earlier ones lack.
    same = os.path.commonprefix([after, user_close]) if after else user_close
    return TemplateSpec(
        system=before[: len(before) - len(user_open)],
        user_open=user_open,
        user_close=same or after,
        answer_open=after[len(same) :] if same else "",
        answer_close=answer_close if ended else answer_close + eos,
        media_open=MEDIA_OPEN,
        media_close=MEDIA_CLOSE,
        stop=() if ended or not next_turn else (next_turn,),
    )


def _common_end(one: str, other: str) -> str:
    same = 0
    while same < min(len(one), len(other)) and one[-1 - same] == other[-1 - same]:
        same += 1
    return one[len(one) - same :]


def _rendered(chat_template: str, bos: str, eos: str) -> str:
    said = [("user", _ASKED), ("assistant", _ANSWERED), ("user", _ASKED_AGAIN)]
    messages = [{"role": role, "content": content} for role, content in said]
    try:
        rendered, _ = render_jinja_template(
            [messages],
            chat_template=chat_template,
            add_generation_prompt=True,
            bos_token=bos,
            eos_token=eos,
        )
    except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise KnownError(
            f"language model: its chat template fails ({type(error).__name__}: {error}); name a "
            "bundle with --template whose template fits the model."
        ) from error
    return str(rendered[0])
