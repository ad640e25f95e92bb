"""What a person is told of a decoder's files that cannot be read."""

from __future__ import annotations

from pathlib import Path

from plugins.errors import KnownError


def broken(where: Path, error: BaseException) -> KnownError:
    """A decoder, or a part of one, at whose reading a library failed."""
    said = " ".join(str(error).split())[:300]
    return KnownError(
        "decoder {where}: it cannot be read ({error_type}: {said}); copy the decoder again.",
        where=where,
        error_type=type(error).__name__,
        said=said,
    )
