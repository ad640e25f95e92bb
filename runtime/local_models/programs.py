"""The models that other programs on this machine have already, so that nobody fetches them twice.

    find_programs()         LM Studio, Ollama, Jan, llama.cpp, Hugging Face, GPT4All

Nothing is copied, changed or followed out of bounds; a broken entry becomes a problem of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from plugins.errors import KnownError, Problem, distinct
from runtime.local_models.found import FoundModel
from runtime.local_models.identify import look
from runtime.local_models.other_programs.hub_cache import hub_models
from runtime.local_models.other_programs.jan import jan_models
from runtime.local_models.other_programs.ollama import ollama_models
from runtime.local_models.other_programs.places import Places
from runtime.local_models.walk import Tell

MOST_PROBLEMS: Final = 100
"""Of one program."""

_Found = tuple[list[FoundModel], list[Problem]]
_Search = Callable[[Path, Tell], _Found]


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
    has_names: bool
    """True if the titles are the program's own, one for all files of a model."""

    def beside(self, talker: FoundModel) -> tuple[FoundModel, ...]:
        """What takes in pictures and sounds and was kept with a model that talks; see
        `pairing.pair` for which of them fits."""
        return tuple(
            one for one in self.models if one.purpose == "take in" and self._together(one, talker)
        )

    def _together(self, one: FoundModel, other: FoundModel) -> bool:
        if self.has_names:
            return one.title == other.title
        return one.path.parent == other.path.parent


def find_programs(
    places: Places | None = None, tell: Callable[[str, Path], None] | None = None
) -> tuple[Program, ...]:
    """Other programs whose folders of models are here, with what is in them.

    Args:
        places: where to look; by default on this machine.
        tell: gets a program's name and each of its files before it is looked at, a fifth of a
            second of work; may raise to stop.
    """
    return tuple(_each(places or Places.of_this_machine(), tell or _untold))


def _each(places: Places, tell: Callable[[str, Path], None]) -> Iterator[Program]:
    searches: tuple[tuple[str, tuple[Path, ...], _Search, bool], ...] = (
        ("LM Studio", places.lm_studio(), _walked, False),
        ("Ollama", places.ollama(), ollama_models, True),
        ("Jan", places.jan(), jan_models, True),
        ("llama.cpp", places.llama_cpp(), _llama_cpp, False),
        ("Hugging Face", places.hugging_face(), hub_models, False),
        ("GPT4All", places.gpt4all(), _walked, False),
    )
    for name, folders, search, has_names in searches:
        if folders:
            models, problems = _searched(folders, search, partial(tell, name))
            yield Program(name, folders, models, problems, has_names)


def _searched(
    folders: tuple[Path, ...], search: _Search, tell: Tell
) -> tuple[tuple[FoundModel, ...], tuple[Problem, ...]]:
    models: dict[Path, FoundModel] = {}
    problems: list[Problem] = []
    for folder in folders:
        try:
            found, wrong = search(folder, tell)
        except KnownError as error:
            found, wrong = [], [error.problem]
        for model in found:
            models.setdefault(model.path.resolve(), model)
        problems += wrong
    return tuple(models.values()), tuple(distinct(problems)[:MOST_PROBLEMS])


def _walked(folder: Path, tell: Tell) -> _Found:
    survey = look(folder, tell, tell_of_nothing=False)
    return survey.models, survey.problems


def _llama_cpp(folder: Path, tell: Tell) -> _Found:
    """The older cache, with all files side by side, and the newer one, as Hugging Face has it."""
    models, problems = hub_models(folder, tell)
    more, others = _walked(folder, tell)
    return models + more, problems + others


def _untold(_: str, __: Path) -> None:
    """Tell nobody."""
