"""The modalities that one answer may contain. Knows no model."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.errors import KnownError


@dataclass(frozen=True)
class Policy:
    """The requested modalities, checked against the available ones."""

    text: bool
    """True if words are shown."""
    modalities: tuple[str, ...]
    """Modalities of artifacts, in the bundle's order."""

    @property
    def require(self) -> bool:
        """True if an answer without any artifact would be empty."""
        return not self.text

    @property
    def only(self) -> str | None:
        """The modality of an answer that can hold nothing but that; else None."""
        return self.modalities[0] if self.require and len(self.modalities) == 1 else None


def policy_for(allowed: tuple[str, ...] | None, known: tuple[str, ...]) -> Policy:
    """The policy of a turn; `known` is what the bundle can answer in, `text` among it.

    Raises:
        KnownError: nothing is allowed, or something unknown; the known are listed.
    """
    if allowed is None:
        allowed = known
    unknown = [name for name in allowed if name not in known]
    if unknown or not allowed:
        found = ", ".join(repr(name) for name in unknown) or "nothing"
        raise KnownError(
            "allowed modalities: expected some of {known}, found {found}. Choose among these.",
            known=", ".join(known),
            found=found,
        )
    artifacts = tuple(name for name in known if name != "text" and name in allowed)
    return Policy(text="text" in allowed, modalities=artifacts)
