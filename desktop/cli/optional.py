"""Says how to get a package that only training needs. Imports nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plugins.errors import KnownError


@contextmanager
def needs_extra() -> Iterator[None]:
    """Says how to get a package that only training needs.

    Raises:
        KnownError: a package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in {"training", "runtime", "plugins"}:
            raise
        raise KnownError(
            f"training and evaluation need the package {error.name}, which is not installed. "
            "Install Medley with its train extra: pip install 'medley[train]'."
        ) from error
