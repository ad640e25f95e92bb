"""The options of `medley train align`, kept in the run's folder so that a resumed run is the same
run. Plain data."""

from __future__ import annotations

from pathlib import Path

import msgspec

from plugins.errors import KnownError
from runtime.media import shown
from training.trainer.progress import write_atomically

FILE = "settings.json"
STAGES = ("stage1", "stage2", "stage3", "stage4")


class Settings(msgspec.Struct, frozen=True):
    """One run."""

    language_model: str
    """A GGUF file, a Hugging Face folder, or a bundle."""
    renderers: tuple[str, ...]
    """Each a renderer's id, a decoder's folder, or `id=folder`."""
    data: tuple[str, ...]
    encoder: str | None = None
    """A bundle, or a folder with `config.json` and the weights; None takes in text only."""
    name: str = "mine"
    """The bundle's name."""
    template: str | None = None
    """A bundle whose conversation template is used; None takes the model's own."""
    steps: int = 1000
    """Training steps per stage; with `keep_layers`, of the stage that trains the language model."""
    batch: int = 16
    """Sequences in a step."""
    length: int = 512
    """Positions of the longest sequence."""
    lora_rank: int = 32
    keep_layers: int = 0
    """Layers of the language model, from below, that stay as they are, so that their states are
    computed once; 0 lets all learn, and takes every step through the whole model."""
    lines: int = 4000
    """With `keep_layers`: the most dialogues whose states are computed; each is seen several
    times."""
    own_answers: int = 160
    """With `keep_layers`: plain questions whose answers by the untrained model it goes on
    giving."""
    signals: dict[str, int] = {}
    """Signal tokens by modality, where they are not what the renderer's manifest says."""
    seed: int = 7


def settle(settings: Settings, run: Path, *, resume: bool) -> None:
    """Write the settings of a new run, or see that a resumed one has the same.

    Raises:
        KnownError: there is a run already, or it is another one.
    """
    file = run / FILE
    there = run.is_dir() and any(run.iterdir())
    if there and not resume:
        raise KnownError(
            f"train align: {shown(run)} already holds files; add --resume to go on with the run in "
            "it, or name another folder with --out."
        )
    if there and file.is_file():
        _compare(read(file), settings, run)
        return
    if there:
        raise KnownError(
            f"train align: expected a run in {shown(run)} to resume, found files without {FILE}. "
            "Name another folder with --out."
        )
    write_atomically(file, msgspec.json.format(msgspec.json.encode(settings)))


def read(file: Path) -> Settings:
    """The settings of a run.

    Raises:
        KnownError: the file is not what this program writes.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Settings)
    except (OSError, msgspec.MsgspecError) as error:
        raise KnownError(
            f"{shown(file)}: expected the settings of a run, found {error}. "
            "Begin a new run in another folder."
        ) from error


def _compare(old: Settings, new: Settings, run: Path) -> None:
    for field in Settings.__struct_fields__:
        before, now = getattr(old, field), getattr(new, field)
        if before != now:
            raise KnownError(
                f"train align: the run in {shown(run)} was begun with {field} {before!r}, "
                f"found {now!r}; repeat its command line with --resume, or name another folder "
                "with --out."
            )
