"""Arrays computed once and kept on disk: features of media, targets of captions.

Files of a few rows each, whole or absent, so that a run that was killed goes on with the next file.
An item that cannot be computed keeps its row and is noted with the reason. Knows arrays and files;
knows not what they mean.

Legend: S items asked for, [*C] the shape of one.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.trainer.progress import write_atomically

ROWS = 256
"""Rows per file."""
OPEN = 64
"""Files that are mapped at once."""
Made = Sequence[NDArray[Any] | str]
"""An array for each item, or what is wrong with it."""


class Shards:
    """A row on disk for each of a fixed list of items."""

    def __init__(self, folder: Path, items: Sequence[str]) -> None:
        self.folder = folder
        self.items = items
        self._row = {item: row for row, item in enumerate(items)}
        self._open: OrderedDict[int, NDArray[Any]] = OrderedDict()

    def fill(self, make: Callable[[Sequence[str]], Made], tell: Callable[[int], None]) -> None:
        """Compute what is missing; `tell` is called with the number of finished items."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for shard in range(-(-len(self.items) // ROWS)):
            if not self._file(shard).is_file():
                part = self.items[shard * ROWS : (shard + 1) * ROWS]
                self._write(shard, make(part))
            tell(min((shard + 1) * ROWS, len(self.items)))

    def broken(self) -> dict[str, str]:
        """The reason why an item could not be computed, by item."""
        found: dict[str, str] = {}
        for shard in range(-(-len(self.items) // ROWS)):
            notes = self._notes(shard)
            if notes.is_file():
                found |= msgspec.json.decode(notes.read_bytes(), type=dict[str, str])
        return found

    def rows(self, items: Sequence[str]) -> Tensor:
        """float32 [S, *C]."""
        places = [divmod(self._row[item], ROWS) for item in items]
        arrays = [self._array(shard)[row] for shard, row in places]
        return torch.from_numpy(np.stack(arrays).astype(np.float32))

    def _array(self, shard: int) -> NDArray[Any]:
        if shard not in self._open:
            self._open[shard] = np.load(self._file(shard), mmap_mode="r", allow_pickle=False)
        self._open.move_to_end(shard)
        while len(self._open) > OPEN:
            self._open.popitem(last=False)
        return self._open[shard]

    def _write(self, shard: int, made: Made) -> None:
        first = shard * ROWS
        notes = {self.items[first + i]: row for i, row in enumerate(made) if isinstance(row, str)}
        sound = [row for row in made if not isinstance(row, str)]
        empty = np.zeros_like(sound[0]) if sound else np.zeros(0, np.float32)
        array = np.stack([empty if isinstance(row, str) else row for row in made])
        if notes:
            write_atomically(self._notes(shard), msgspec.json.encode(notes))
        partial = self._file(shard).with_suffix(".part")
        with partial.open("wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._file(shard))

    def _file(self, shard: int) -> Path:
        return self.folder / f"{shard:06d}.npy"

    def _notes(self, shard: int) -> Path:
        return self.folder / f"{shard:06d}.json"
