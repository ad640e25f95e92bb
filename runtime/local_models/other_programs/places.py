"""The folders in which other programs on this machine keep their models.

Layouts: LM Studio's documentation (publisher/model below one folder, a pointer file in the home
folder), Ollama's and Jan's source, llama.cpp's and Hugging Face's caches.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runtime.local_models.found import NotAModelError
from runtime.local_models.heads import first_bytes, read_json

HOME_VARIABLE: Final = "MEDLEY_PROGRAMS_HOME"
"""Names a folder that stands in for the home folder; then nothing outside of it is looked at."""
_OLLAMA_SYSTEM: Final = (
    "usr/share/ollama/.ollama/models", "var/lib/ollama/models", "var/lib/ollama",
    "var/snap/ollama/common/models",
)  # fmt: skip
_LARGEST_POINTER: Final = 4096


@dataclass(frozen=True)
class Places:
    """Where to look: a home folder, the system around it, and the person's settings."""

    home: Path
    system: Path | None
    """The root of the file system; None where only the home folder counts."""
    environment: Mapping[str, str]

    @classmethod
    def of_this_machine(cls) -> Places:
        """Those of the person who runs Medley."""
        if home := os.environ.get(HOME_VARIABLE):
            return cls(Path(home), None, {})
        return cls(Path.home(), Path("/"), os.environ)

    def lm_studio(self) -> tuple[Path, ...]:
        """Folders of `publisher/model/`."""
        homes = (self.home / ".lmstudio", self.home / ".cache" / "lm-studio")
        pointed = _line_of(self.home / ".lmstudio-home-pointer")
        found = [Path(pointed), *homes] if pointed else list(homes)
        chosen = (_setting(one / "settings.json", "downloadsFolder") for one in found)
        return _there((*chosen, *(one / "models" for one in found)))

    def ollama(self) -> tuple[Path, ...]:
        """Folders of `manifests` and `blobs`."""
        found = [self._named("OLLAMA_MODELS"), self.home / ".ollama" / "models"]
        if self.system is not None:
            found += [self.system / one for one in _OLLAMA_SYSTEM]
        return tuple(one for one in _there(found) if (one / "blobs").is_dir())

    def jan(self) -> tuple[Path, ...]:
        """Jan's data folders."""
        shared, settings = self._data(), self.home / ".config"
        flatpak = self.home / ".var" / "app" / "ai.jan.Jan" / "data"
        chosen = (
            _setting(one / "Jan" / "settings.json", "data_folder") for one in (shared, settings)
        )
        usual = (one / "Jan" / "data" for one in (shared, settings, flatpak))
        return _there((*chosen, *usual, self.home / "jan"))

    def llama_cpp(self) -> tuple[Path, ...]:
        """llama.cpp's caches."""
        return _there((self._named("LLAMA_CACHE"), self._cache() / "llama.cpp"))

    def hugging_face(self) -> tuple[Path, ...]:
        """Folders of `models--*`."""
        home = self._named("HF_HOME")
        found = (
            self._named("HF_HUB_CACHE"),
            self._named("HUGGINGFACE_HUB_CACHE"),
            home / "hub" if home else None,
            self._cache() / "huggingface" / "hub",
        )
        return _there(found)

    def gpt4all(self) -> tuple[Path, ...]:
        """GPT4All's folder."""
        return _there((self._data() / "nomic.ai" / "GPT4All", self.home / ".cache" / "gpt4all"))

    def _cache(self) -> Path:
        return self._named("XDG_CACHE_HOME") or self.home / ".cache"

    def _data(self) -> Path:
        return self._named("XDG_DATA_HOME") or self.home / ".local" / "share"

    def _named(self, variable: str) -> Path | None:
        value = self.environment.get(variable)
        return Path(value).expanduser() if value else None


def _there(candidates: tuple[Path | None, ...] | list[Path | None]) -> tuple[Path, ...]:
    """Those that are folders, each once."""
    return tuple(dict.fromkeys(_folders(candidates)))


def _folders(candidates: tuple[Path | None, ...] | list[Path | None]) -> Iterator[Path]:
    for one in candidates:
        try:
            if one is not None and one.is_dir():
                yield one.resolve()
        except (OSError, ValueError, RuntimeError):  # No right to look, or a circle of links.
            continue


def _setting(path: Path, name: str) -> Path | None:
    try:
        value = read_json(path).get(name)
    except NotAModelError:
        return None
    return Path(value) if isinstance(value, str) and value else None


def _line_of(path: Path) -> str:
    try:
        return first_bytes(path, _LARGEST_POINTER).decode("utf-8", "replace").strip()
    except NotAModelError:
        return ""
