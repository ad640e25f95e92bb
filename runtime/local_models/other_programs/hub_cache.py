"""Hugging Face's cache: `models--MAKER--NAME/snapshots/REVISION/`, whose files are links."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from plugins.errors import Problem
from runtime.local_models.found import FoundModel
from runtime.local_models.identify import look
from runtime.local_models.snapshots import REPOSITORY, newest_snapshot
from runtime.local_models.walk import Tell, untold

MOST_REPOSITORIES: Final = 2000


def hub_models(cache: Path, tell: Tell = untold) -> tuple[list[FoundModel], list[Problem]]:
    """The models of a cache that Medley can use, and what is wrong with those that are broken.

    Models for other programs, of which most caches are full, are passed over.
    """
    models: list[FoundModel] = []
    problems: list[Problem] = []
    for repository in sorted(cache.glob(f"{REPOSITORY}*"))[:MOST_REPOSITORIES]:
        snapshot = newest_snapshot(repository)
        if snapshot is not None:
            survey = look(snapshot, tell, tell_of_nothing=False)
            models += survey.models
            problems += survey.problems
    return models, problems
