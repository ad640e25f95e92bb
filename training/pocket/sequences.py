"""Dialogues as training sequences: token ids, labels, and the places of media and signals.

The layout is the bundle's template, piece by piece, as `runtime.turn.prompt` builds a prompt.
Knows tokens and dialogues; knows no model.

Legend: B batch, L positions, K positions of one medium, N signal tokens of one artifact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor

from runtime.bundle.manifest import TemplateSpec
from training.dialogues.dialogues import Dialogue, Medium, dialogue, is_refused, shown
from training.dialogues.out_of_domain import CHARACTERS
from training.dialogues.phrasings import BOOKS
from training.nextgpt.answer_loss import IGNORE
from training.pocketworld.captions import LANGUAGES, canonical, varied, words_of
from training.pocketworld.scene import SHOWN, pick, random_scene

TEMPLATE = TemplateSpec(
    user_open="<user>",
    user_close="<assistant>",
    answer_close="</s>",
    media_open="<Img>",
    media_close="</Img>",
    add_bos=True,
)
SIGNAL_COUNTS = {"image": 4, "audio": 4, "video": 8}
SIGNAL_NAMES = {"image": "IMG", "audio": "AUD", "video": "VID"}
MEDIA_POSITIONS = 8
"""K: what the grouping input projection makes of any medium."""
VOCABULARY = 2400
KEPT_TOGETHER = 400
"""The number of times that a Chinese character is counted beside its dialogues, so that every
character is a token, however rare. A model as small as Pocket's learns no word from three bytes
that it saw a few times."""
CUT_TEXTS = 0.5
"""The share of users' texts that is cut in training."""
CUT = 0.15
"""Chance of a cut between two characters of such a text."""


def signal_tokens(modality: str) -> list[str]:
    """`[IMG0]`, `[IMG1]`, ..."""
    return [f"[{SIGNAL_NAMES[modality]}{i}]" for i in range(SIGNAL_COUNTS[modality])]


def train_tokenizer(seed: int, *, vocab_size: int = VOCABULARY, samples: int = 6000) -> Tokenizer:
    """A byte-level BPE tokenizer from dialogues, with the template's and the signal tokens.

    Chinese is cut at the borders of its caption phrases first, so that no token spans two words,
    and every character that a dialogue may hold is a token if the vocabulary has room, those of
    subjects that are refused aside.
    """
    rng = np.random.default_rng([seed, 11])
    texts: list[str] = []
    letters = chinese_characters()
    for _ in range(samples):
        for exchange in dialogue(rng):
            for text in (exchange.text, *(p for p in exchange.answer if isinstance(p, str))):
                texts += [text] if text.isascii() else words_of(text)
                if not is_refused(exchange):
                    letters |= {letter for letter in text if not letter.isascii()}
    texts += KEPT_TOGETHER * sorted(letters)
    special = ["<s>", "</s>", "<pad>", "<user>", "<assistant>", "<Img>", "</Img>"]
    special += [token for modality in SIGNAL_COUNTS for token in signal_tokens(modality)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - len(special),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in special]
    )
    return tokenizer


def chinese_characters() -> set[str]:
    """Every Chinese character that phrasings, talk and made-up words hold."""
    book = BOOKS["zh"]
    phrases = [*book.phrases(), *book.before, *book.after, *book.openers, *book.closers]
    phrases += [*book.outside_ask, *book.outside, CHARACTERS]
    phrases += [text for asked, _ in book.talk for text in asked]
    return {letter for phrase in phrases for letter in phrase if not letter.isascii()}


@dataclass
class TrainingSequence:
    """One dialogue as positions."""

    ids: list[int] = field(default_factory=list)
    learned: list[bool] = field(default_factory=list)
    media: list[tuple[int, Medium]] = field(default_factory=list)
    """First position and medium; its K positions hold padding ids."""
    signals: list[tuple[int, Medium]] = field(default_factory=list)
    """First position and artifact."""


@dataclass
class Batch:
    """Padded sequences."""

    ids: Tensor
    """int64 [B, L]."""
    labels: Tensor
    """int64 [B, L]; `IGNORE` where nothing is learned."""
    media: list[tuple[int, int, Medium]]
    """Row, first position, medium."""
    signals: list[tuple[int, int, Medium]]
    """Row, first position, artifact."""


class Writer:
    """Turns dialogues into sequences with one tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.pad = self._special("<pad>")
        self.bos = self._special("<s>")
        self.signal_ids = {
            m: [self._special(token) for token in signal_tokens(m)] for m in SIGNAL_COUNTS
        }
        self._cache: dict[str, list[int]] = {}

    def _special(self, token: str) -> int:
        found = self.tokenizer.token_to_id(token)
        if found is None:
            raise ValueError(f"the tokenizer has no {token}")
        return int(found)

    def words(self, text: str) -> list[int]:
        """Ids of a plain text."""
        if text not in self._cache:
            if len(self._cache) > 50_000:
                self._cache.clear()
            self._cache[text] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self._cache[text]

    def cut_words(self, text: str, rng: np.random.Generator) -> list[int]:
        """Ids of a plain text that is sometimes cut at random places, which no token spans: so the
        tokens of rare words are met as well, and no wording is known by its tokens alone (subword
        regularization, arXiv 1804.10959, by cuts)."""
        if not text or rng.random() >= CUT_TEXTS:
            return self.words(text)
        at = [0, *(np.flatnonzero(rng.random(len(text) - 1) < CUT) + 1), len(text)]
        return [i for begin, end in pairwise(at) for i in self.words(text[begin:end])]

    def write(
        self, dialogue_: Dialogue, *, media: bool = True, signals: bool = True,
        cuts: np.random.Generator | None = None,
    ) -> TrainingSequence:  # fmt: skip
        """One sequence.

        Args:
            media: without them, a medium is its caption in words.
            signals: without them, an artifact is left out.
            cuts: random numbers that cut what the user says into other tokens; None for the
                tokens that the engine makes.
        """
        out = TrainingSequence()
        self._add(out, [self.bos])
        for exchange in dialogue_:
            self._add(out, [self._special(TEMPLATE.user_open)])
            for medium in exchange.media:
                self._add(out, [self._special(TEMPLATE.media_open)])
                if media:
                    out.media.append((len(out.ids), medium))
                    self._add(out, [self.pad] * MEDIA_POSITIONS)
                else:
                    self._add(out, self.words(shown(medium)))
                self._add(out, [self._special(TEMPLATE.media_close)])
            said = exchange.text
            self._add(out, self.words(said) if cuts is None else self.cut_words(said, cuts))
            self._add(out, [self._special(TEMPLATE.user_close)])
            for part in exchange.answer:
                if isinstance(part, str):
                    self._add(out, self.words(part), learned=True)
                elif signals:
                    out.signals.append((len(out.ids), part))
                    self._add(out, self.signal_ids[part.modality], learned=True)
            self._add(out, [self._special(TEMPLATE.answer_close)], learned=True)
        return out

    def _add(self, out: TrainingSequence, ids: Sequence[int], *, learned: bool = False) -> None:
        out.ids.extend(ids)
        out.learned.extend([learned] * len(ids))

    def batch(self, sequences: Sequence[TrainingSequence]) -> Batch:
        """Padded on the right to the longest."""
        longest = max(len(s.ids) for s in sequences)
        ids = torch.full((len(sequences), longest), self.pad)
        labels = torch.full((len(sequences), longest), IGNORE)
        for row, sequence in enumerate(sequences):
            line = torch.tensor(sequence.ids)
            ids[row, : len(line)] = line
            kept = torch.tensor(sequence.learned)
            labels[row, : len(line)] = torch.where(kept, line, IGNORE)
        media = [(r, at, m) for r, s in enumerate(sequences) for at, m in s.media]
        signals = [(r, at, m) for r, s in enumerate(sequences) for at, m in s.signals]
        return Batch(ids, labels, media, signals)


def similar_lengths(
    make: Callable[[], TrainingSequence], batch: int, rng: np.random.Generator, pool: int = 3
) -> list[TrainingSequence]:
    """`batch` sequences of similar length, cut from `pool` times as many: little padding."""
    many = sorted((make() for _ in range(batch * pool)), key=lambda s: len(s.ids))
    start = int(rng.integers(pool)) * batch
    return many[start : start + batch]


def plain_caption(writer: Writer, rng: np.random.Generator) -> TrainingSequence:
    """A text without dialogue: one scene said twice, freely and then in full, in any languages."""
    modality = ("image", "audio", "video")[int(rng.integers(3))]
    scene = random_scene(rng)
    first, second = (pick(LANGUAGES, rng) for _ in range(2))
    mention = SHOWN[modality]
    free = varied(scene, modality, rng, language=first, keep=1.0, mention=mention)[0]
    between = ": " if second == "en" else "："
    out = TrainingSequence()
    writer._add(out, [writer.bos])
    text = f"{free}{between}{canonical(scene, modality, second)}"
    writer._add(out, writer.words(text), learned=True)
    writer._add(out, [writer._special(TEMPLATE.answer_close)], learned=True)
    return out
