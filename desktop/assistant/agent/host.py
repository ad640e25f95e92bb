"""What tools need of the program that shows the conversation: the window has all of it, the command
line nothing. Knows no window."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Host(Protocol):
    """The window's side. Thread contract: called on a thread that may wait; every method does
    what it says before it returns, or raises KnownError."""

    def read_clipboard(self) -> str:
        """The text that was copied last; empty where there is none."""
        ...

    def write_clipboard(self, text: str) -> None:
        """Put a text there."""
        ...

    def take_screen(self, folder: Path) -> Path:
        """A picture of the screen, in a file of this folder."""
        ...

    def open(self, target: str) -> None:
        """Have another program open a file or an address."""
        ...

    def notify(self, title: str, text: str) -> None:
        """Show a notification of the desktop."""
        ...
