"""The contents of `bundle.toml`, as typed data. Knows no tensors and opens no weights."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

FORMAT = 1
"""Version of the bundle format that this code reads and writes."""


class Licence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Under what terms one part may be used."""

    part: str
    """The part that the licence covers, for example `all weights` or `llm.gguf`."""
    spdx: str
    source: str
    """The origin of the part."""


class UpstreamSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server with OpenAI's API that has the language model; see `runtime.upstream`."""

    url: str
    """Up to where `/chat/completions` follows, for example `http://127.0.0.1:8000/v1`."""
    model: str
    """The server's name for it."""


class LanguageModelSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The GGUF file and how it is driven; or the server that has the model."""

    file: str = ""
    """Of a model in several files the first; all of them are listed under `files`."""
    d_model: int = 0
    n_vocab: int = 0
    n_ctx: int = 0
    temperature: float = 0.0
    top_p: float = 1.0
    max_new_tokens: int = 192
    max_thinking_tokens: int = 1024
    """Where a model that thinks before its answer is made to come to it, a quarter of the context
    at most; on top of `max_new_tokens`."""
    upstream: UpstreamSpec | None = None
    """Captioned routing: takes the place of the file."""


class ToolsSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a model is told of tools, writes its calls and reads what they gave.

    With tools a conversation begins with `system_open system list system_close`, where a list is
    `list_open (tool list_between)* list_close`. An answer that calls is

        words calls_lead calls_open (call_open name call_middle arguments call_close calls_between)*
        calls_close results_open (result_open result result_close results_between)* results_close

    and goes on behind that; what is called `between` stands between two. `{id}` in these pieces is
    the call's id, `{name}` the tool's name. Names, arguments and results are never parsed for
    special tokens.
    """

    system_open: str
    system_close: str
    list_open: str
    list_close: str
    call_open: str
    call_middle: str
    call_close: str
    results_open: str
    result_open: str
    result_close: str
    results_close: str
    system: str = ""
    """Takes the place of the template's own system text where there are tools."""
    reminder: str = ""
    """Stands behind the last message where there are tools: small models follow what was said
    last."""
    list_first: bool = False
    """True where the list stands before `system_open`."""
    list_between: str = "\n"
    listing: Literal["schemas", "signatures"] = "schemas"
    """How a tool is told: as JSON with the schema of its parameters, or as a signature."""
    wrapped: bool = True
    """Whether a tool is written as `{"type": "function", "function": {...}}`, or the inner object
    alone."""
    indent: int | None = None
    """Of a tool's JSON; None for one line."""
    calls_lead: str = ""
    """Stands between words that do not end with white space and calls."""
    calls_open: str = ""
    calls_between: str = ""
    calls_close: str = ""
    several: bool = True
    """Whether one answer may hold several calls in a row."""
    arguments: Literal["json", "tagged", "quoted"] = "json"
    """`json`: an object. `tagged`: each argument as `argument_open name argument_middle value
    argument_close`, texts as they are, other values as JSON. `quoted`: an object whose keys are
    bare and whose texts stand between two `argument_open`."""
    argument_open: str = ""
    argument_middle: str = ""
    argument_close: str = ""
    results_between: str = ""
    result: Literal["text", "json"] = "text"
    """Whether a result is written as it is, or as JSON's string."""


class TemplateSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The template that turns a conversation into tokens.

    Neighbouring pieces and words are tokenised as one text, special tokens parsed in these pieces
    only and never in what a person wrote. A conversation is
    `bos system_open system system_close (user_open [media...] text user_close answer
    answer_close)*`, where a medium is `media_open`, its embedding positions, `media_close`. The
    last `user_close` is followed by `answer_open`, which no earlier answer has before it.
    """

    system: str = ""
    """The system text before the conversation, between `system_open` and `system_close` where these
    are given; a user's own system text may then replace it."""
    system_open: str = ""
    system_close: str = ""
    system_reminder: str = ""
    """Stands behind the last message where a person's own words took the place of `system`, with
    `{system}` for these words: small models follow what was said last."""
    user_open: str = ""
    user_open_later: str | None = None
    """Takes the place of `user_open` in every turn but the first."""
    user_close: str = ""
    answer_open: str = ""
    """Begins the answer that is asked for, for example `<think>`; earlier answers stand without it,
    as they do without what was thought before them."""
    thinking_answer_open: str | None = None
    """Takes its place where a model that has the choice is to think first."""
    answer_close: str = ""
    media_open: str = ""
    media_close: str = ""
    media_marks: Literal["token", "text"] = "token"
    """Whether the names of special tokens in `media_open` and `media_close` are these tokens, or
    are cut like any other text."""
    cut: Literal["joined", "segments"] = "joined"
    """`joined`: as above. `segments`: as NExT-GPT was trained. The opening of the first turn, the
    words of a person with what closes them, and an answer with what closes it are each cut by
    themselves, and white space beside special tokens is left out."""
    add_bos: bool = False
    stop: tuple[str, ...] = ()
    """Texts that end an answer besides the end-of-text tokens."""
    thinking_open: str = ""
    """The marks around what a model thinks before its answer; those that its own chat template
    names where these are empty."""
    thinking_close: str = ""
    tools: ToolsSpec | None = None
    """How the model uses tools; None asks for calls as JSON between tags, in plain words."""


class NativeSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Native routing: the language model is the decoder's text encoder, and its own states for a
    caption are the condition.

    The caption is read between `prompt_open` and `prompt_close`, apart from the conversation, as
    the decoder was trained: these are pieces of a template, of which a caption is none.
    """

    layers: tuple[int, ...]
    """Of each state how many layers it went through; several are joined, width by width."""
    prompt_open: str
    prompt_close: str
    most_tokens: int = 512
    """Tokens of the whole, behind which it is cut."""
    padding: str = ""
    """The token with which it is filled up to `most_tokens`, for decoders that look at padding
    too; empty for none."""
    unwanted: bool = False
    """Whether the decoder is also told what it would make of an empty caption, to be guided away
    from it."""


class SignalSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One modality the bundle can answer in."""

    token_ids: tuple[int, ...]
    """Signal tokens in order; empty when the routing is captioned."""
    renderer: str
    """Renderer id, for example `medley.image`."""
    decoder: str
    """Folder of the decoder inside the bundle; empty for a renderer that brings all it needs."""
    condition_shape: tuple[int, ...]
    """The shape of a condition, for example [77, 768]."""
    projection: str = ""
    """Safetensors file of the output projection; empty when the routing is captioned."""
    d_hidden: int = 512
    n_heads: int = 4
    n_layers: int = 4
    """Encoder layers, and as many decoder layers."""
    d_feedforward: int = 2048
    caption_open: str = ""
    """Captioned routing: the text that begins a caption in the answer, for example `<image>`."""
    caption_close: str = ""
    native: NativeSpec | None = None
    """Native routing: the caption is asked for as in captioned routing, the decoder is conditioned
    on the language model's own states, and its text encoder is not needed."""
    settings: dict[str, Any] = {}
    """Settings for the renderer: defaults of its parameters, output size and so on."""
    stand_ins: dict[str, dict[str, str]] = {}
    """Captioned routing: ids of renderers, which bring all they need, for captions with words that
    the renderer does not know, asked in this order; with what is said beside their artifacts, by
    language (`en`, `zh`)."""
    offers: dict[str, str] = {}
    """A sentence that offers what can be made of this modality to a user who asked for something
    else, by language (`en`, `zh`)."""


class MediaChoiceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Captioned routing: how the language model is asked which media a request wants.

    The questions are pieces of the template in place of what closes the person's message, up to
    where the model would answer; they are forgotten once they are answered. So nothing is made
    unasked, and no tag can be misspelt. Without this table the model writes captions between tags
    of its own accord. `caption_open` and `caption_close` of a signal then stand around a caption in
    the conversation, where its artifact was made.
    """

    question: str
    """Asks for the kind of the reply."""
    answers: dict[str, str]
    """The text whose first token means each modality, `text` among them."""
    captions: dict[str, str]
    """Asks for the caption of a modality, in the language of its decoder."""
    lead: dict[str, str] = {}
    """Words with which an answer that holds media begins, by language (`en`, `zh`)."""
    least: float = 0.5
    """Share of the likelihood, 0 to 1, from which on a modality is chosen rather than words."""
    least_demanded: float = 0.35
    """The same where the words plainly demand something to look at or to listen to."""
    least_open: float = 0.76
    """The same where the words name no medium at all and wish for something."""
    also: float = 0.06
    """The same for a second modality of a request whose words name both."""
    also_joined: float = 0.02
    """The same where one is to be looked at, the other listened to, and an "and" joins them."""


class CallChoiceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the language model is asked which tool an answer needs, if any.

    The questions are pieces of the template, as those of `MediaChoiceSpec`. They tell of some more
    tools, which stand for answers in words, and end where a call would go on with the name of its
    tool. Where the likelihood of the tools' names reaches a limit the answer has to call, otherwise
    it may not. Without this table the model calls of its own accord.
    """

    question: str
    """Asks for the first step of an answer."""
    question_again: str
    """Asks behind the results of calls."""
    words: tuple[str, ...]
    """Names of what stands for answers in words; no tool begins with them."""
    least: float
    """Share of the likelihood, 0 to 1, that the first tokens of all tools' names together have
    against those of `words`, from which on there has to be a call."""
    least_again: float
    """The same behind results."""


class EncoderSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ImageBind-shaped encoder."""

    file: str
    config: dict[str, Any]
    """Arguments of `runtime.encoder.EncoderConfig`."""


class InputProjectionSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The projection from encoder features to language model positions."""

    kind: Literal["linear", "group"]
    file: str
    config: dict[str, Any] = {}
    """Arguments of the projection class: widths, depths, groups."""


class MediaEmbedderSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a GGUF model that sees or hears, in a file of its own."""

    kind: Literal["mmproj"]
    file: str
    modalities: tuple[str, ...]
    """The modalities that it takes in: `image`, `audio` or both."""


class SpeechSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The speech models that are used where the bundle is talked with; empty for the best that is
    installed."""

    hear: str = ""
    """Name of an installed or added model that hears, or its folder."""
    speak: str = ""
    """Name of an installed or added voice, or its folder."""


class SentencesSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences, in one language, for things outside a bundle's world."""

    unknown_medium: dict[str, str]
    """Sentences for a medium that is not recognized, by modality."""
    unknown_words: str
    nothing_shown: str
    """The sentence for a question about a medium where there is none."""
    ask: dict[str, str]
    """The question that is assumed for a medium without words, by modality, and for `several`."""


class FamiliaritySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings by which a bundle with a small world recognizes what is outside it: see
    `runtime.familiarity.media`."""

    file: str
    """Safetensors."""
    thresholds: dict[str, float]
    """The highest score of what is known, by modality."""
    rows: int
    """The rows of the word table."""
    most_other: float
    """The largest share that a wish which is known may have of others."""
    names: dict[str, tuple[str, ...]]
    """Words for what the bundle's world has, by attribute; those of `other` only look so."""
    sentences: dict[str, SentencesSpec]
    """Sentences by language; the first language is used if nobody wrote a word."""


class FileSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The required properties of one file."""

    sha256: str
    size: int
    """Bytes."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `bundle.toml`."""

    format: int
    name: str
    title: str
    description: str
    version: str
    routing: Literal["projected", "captioned"]
    licences: tuple[Licence, ...]
    language_model: LanguageModelSpec
    template: TemplateSpec
    signals: dict[str, SignalSpec]
    """The settings of signals, by modality."""
    files: dict[str, FileSpec]
    """Every file but `bundle.toml`, by path with forward slashes."""
    encoder: EncoderSpec | None = None
    input_projection: InputProjectionSpec | None = None
    media_embedder: MediaEmbedderSpec | None = None
    media_choice: MediaChoiceSpec | None = None
    call_choice: CallChoiceSpec | None = None
    speech: SpeechSpec | None = None
    familiarity: FamiliaritySpec | None = None
    """Settings of a bundle with a small world; bundles without them answer anything."""
    examples: tuple[str, ...] = ()
    """Requests that show what the bundle can do."""
    limits: str = ""
    """The limits of the bundle, in plain words."""
