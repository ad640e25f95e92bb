"""How an answer may think: the marks of the model's thinking, and prompts before which it does not.

Knows the manifest and the language model; knows no prompt's chunks.
"""

from __future__ import annotations

from runtime.bundle.manifest import Manifest
from runtime.language_model.protocol import TalkingModel
from runtime.language_model.text.thinking import Thinking, ThinkingMarkers

_SHARE = 4
"""One part in this many of the context is for thinking, at most."""


class Thoughts:
    """The thinking before one answer."""

    def __init__(self, manifest: Manifest, model: TalkingModel, think: bool | None) -> None:
        """`think` is what a person wants; None leaves it to the template."""
        template = manifest.template
        own = ThinkingMarkers(template.thinking_open, template.thinking_close)
        self.markers = own if own.open and own.close else model.thinking
        """The marks around what the model thinks; None for one that does not."""
        self._template = template
        self._model = model
        self._think = think
        self._most = min(manifest.language_model.max_thinking_tokens, model.n_ctx // _SHARE)

    def thinking(self) -> Thinking | None:
        """How the answer may think; None for a model that does not."""
        if self.markers is None:
            return None
        closing = self.closing() or self._template.user_close + self._template.answer_open
        begun = closing.rstrip().endswith(self.markers.open.rstrip())
        return self._model.thinking_of(self.markers, begun=begun, most_tokens=self._most)

    def closing(self, *, at_once: bool = False) -> str | None:
        """What closes the prompt of the answer; None for what the template has. `at_once`: nothing
        is thought, whatever is wanted."""
        if at_once or self._think is False:
            return self.closed(self._template.user_close + self._template.answer_open)
        opened = self._template.thinking_answer_open
        return None if opened is None or not self._think else self._template.user_close + opened

    def closed(self, closing: str) -> str:
        """A closing behind which the model answers at once."""
        if self.markers is None or closing.rstrip().endswith(self.markers.close.rstrip()):
            return closing
        begun = closing.rstrip().removesuffix(self.markers.open.rstrip())
        thinks = begun != closing.rstrip()
        return (begun if thinks else closing) + self.markers.nothing
