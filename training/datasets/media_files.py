"""Finds the media that data names, below one folder. Opens none of them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from runtime.media import shown
from training.datasets.examples import BadData


class MediaFiles:
    """The files below a data folder, listed once."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        self._by_stem: dict[str, list[Path]] = defaultdict(list)
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder) / name
                self._by_name[name].append(path)
                self._by_stem[path.stem].append(path)

    def find(self, name: str, near: Path) -> Path:
        """The file with that name or relative path: beside `near`, in the root, or anywhere below.

        Raises:
            BadData: there is none, or several and nothing says which.
        """
        for folder in (near.parent, self.root):
            path = Path(os.path.normpath(folder.resolve() / name))
            if path.is_relative_to(self.root) and os.path.isfile(path):
                return path
        return self._only(self._by_name.get(os.path.basename(name), []), name)

    def find_stem(self, stems: Sequence[str], suffixes: Sequence[str]) -> Path:
        """The file of one of these names without suffix, the first that there is.

        Raises:
            BadData: as `find`.
        """
        for stem in stems:
            found = [p for p in self._by_stem.get(stem, []) if p.suffix.lower() in suffixes]
            if found:
                return self._only(found, stem)
        raise BadData("missing file", f"no file {stems[0]}{{{','.join(suffixes)}}} in the folder")

    def _only(self, found: Sequence[Path], name: str) -> Path:
        if not found:
            raise BadData("missing file", f"no file {shown(name)} in the folder")
        if len(found) > 1:
            places = ", ".join(shown(path.relative_to(self.root)) for path in found[:3])
            raise BadData("missing file", f"{len(found)} files could be {shown(name)}: {places}")
        return found[0]
