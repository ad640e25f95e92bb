"""How an answer may think: the marks of the model's thinking, and prompts before which it does not.

Knows the manifest and the language model; knows no prompt's chunks.
"""

from __future__ import annotations

from runtime.bundle.manifest import Manifest
from runtime.language_model.model import LanguageModel
from runtime.language_model.thinking import Thinking, ThinkingMarkers

_SHARE = 4
"""One part in this many of the context is for thinking, at most."""


class Thoughts:
    """The thinking of one bundle's model."""

    def __init__(self, manifest: Manifest, model: LanguageModel) -> None:
        template = manifest.template
        own = bool(template.thinking_open and template.thinking_close)
        self.markers = (
            ThinkingMarkers(template.thinking_open, template.thinking_close)
            if own
            else model.thinking
        )
        """None for a model that does not think."""
        self._template = template
        self._model = model
        self._most = min(manifest.language_model.max_thinking_tokens, model.n_ctx // _SHARE)

    def thinking(self) -> Thinking | None:
        """How an answer behind the template's own closing may think."""
        if self.markers is None:
            return None
        closing = (self._template.user_close + self._template.answer_open).rstrip()
        begun = closing.endswith(self.markers.open.rstrip())
        return self._model.thinking_of(self.markers, begun=begun, most_tokens=self._most)

    def at_once(self) -> Thinking | None:
        """The same behind a closing that says that nothing is thought."""
        if self.markers is None:
            return None
        return self._model.thinking_of(self.markers, begun=False, most_tokens=self._most)

    def closed(self, closing: str | None = None) -> str | None:
        """A closing, the template's by default, behind which the model answers at once; None where
        the template's own is one."""
        if self.markers is None:
            return closing
        before = self._template.user_close if closing is None else closing
        return before + self.markers.nothing
