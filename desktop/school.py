"""Hands `medley train` and `medley evaluate` to the school. Imports it only when asked."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from plugins.errors import KnownError


def train(options: argparse.Namespace) -> int:
    """Train the embedded bundle; a run that was stopped can be resumed."""
    with needs_extra():
        from training import pocket
    return pocket.main(resume=options.resume, device=options.device, out=options.out)


def evaluate(options: argparse.Namespace) -> int:
    """Measure a bundle and print the table."""
    with needs_extra():
        from training import evaluate as evaluation
    return evaluation.main(bundle=options.bundle, limit=options.limit, as_json=options.json)


@contextmanager
def needs_extra() -> Iterator[None]:
    """Says how to get a package that only the school needs.

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
