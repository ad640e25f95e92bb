"""The models that other programs on this machine have already, so that nobody fetches them twice.

    find_programs()         LM Studio, Ollama, Jan, llama.cpp, Hugging Face, GPT4All

Nothing is copied, changed or followed out of bounds; a broken entry becomes a problem of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plugins.errors import KnownError, Problem, distinct
from runtime.local_models.found import FoundModel
from runtime.local_models.other_programs.hub_cache import hub_models
from runtime.local_models.identify import look
from runtime.local_models.other_programs.jan import jan_models
from runtime.local_models.other_programs.ollama import ollama_models
from runtime.local_models.other_programs.places import Places

MOST_PROBLEMS: Final = 100
"""Of one program."""

_Found = tuple[list[FoundModel], list[Problem]]


@dataclass(frozen=True)
class Program:
    """Another program, and the models that it has."""

    name: str
    folders: tuple[Path, ...]
    """Where its models are."""
    models: tuple[FoundModel, ...]
    """Each file once; titles are those under which the program shows them, where it has any."""
    problems: tuple[Problem, ...]
    """Why the others cannot be used; whole sentences."""


def find_programs(
    places: Places | None = None, tell: Callable[[str], None] | None = None
) -> tuple[Program, ...]:
    """Other programs whose folders of models are here, with what is in them.

    Args:
        places: where to look; by default on this machine.
        tell: gets the name of each program before its folders are looked through; may raise to
            stop.
    """
    return tuple(_each(places or Places.of_this_machine(), tell))


def _each(places: Places, tell: Callable[[str], None] | None) -> Iterator[Program]:
    searches: tuple[tuple[str, tuple[Path, ...], Callable[[Path], _Found]], ...] = (
        ("LM Studio", places.lm_studio(), _walked),
        ("Ollama", places.ollama(), ollama_models),
        ("Jan", places.jan(), jan_models),
        ("llama.cpp", places.llama_cpp(), _llama_cpp),
        ("Hugging Face", places.hugging_face(), hub_models),
        ("GPT4All", places.gpt4all(), _walked),
    )
    for name, folders, search in searches:
        if folders:
            if tell is not None:
                tell(name)
            yield _searched(name, folders, search)


def _searched(name: str, folders: tuple[Path, ...], search: Callable[[Path], _Found]) -> Program:
    models: dict[Path, FoundModel] = {}
    problems: list[Problem] = []
    for folder in folders:
        try:
            found, wrong = search(folder)
        except KnownError as error:
            found, wrong = [], [error.problem]
        for model in found:
            models.setdefault(model.path.resolve(), model)
        problems += wrong
    return Program(name, folders, tuple(models.values()), tuple(distinct(problems)[:MOST_PROBLEMS]))


def _walked(folder: Path) -> _Found:
    survey = look(folder, tell_of_nothing=False)
    return survey.models, survey.problems


def _llama_cpp(folder: Path) -> _Found:
    """The older cache, with all files side by side, and the newer one, as Hugging Face has it."""
    models, problems = hub_models(folder)
    more, others = _walked(folder)
    return models + more, problems + others
