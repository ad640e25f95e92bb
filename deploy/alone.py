"""A network of one's own: a process that can reach itself and nothing else. Linux only.

Ray's own processes listen on every address that a machine has, so a trial on one machine is kept
from the others by giving it a loopback of its own.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence

_MARK = "MEDLEY_ALONE"
_UNSHARE = ("unshare", "--user", "--map-root-user", "--net")
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1


def begin(module: str, arguments: Sequence[str]) -> bool:  # noqa: RET503  it may not return
    """Start this program again in a network of its own, and there bring its loopback up.

    Args:
        module: that is run.
        arguments: of it.

    Returns:
        Whether the network is its own; False where the system gives none.
    """
    if os.environ.get(_MARK):
        _loopback_up()
        return True
    if sys.platform != "linux" or shutil.which(_UNSHARE[0]) is None:
        return False
    if subprocess.run([*_UNSHARE, "true"], check=False, capture_output=True).returncode:
        return False
    os.environ[_MARK] = "1"
    os.execvp(_UNSHARE[0], [*_UNSHARE, sys.executable, "-m", module, *arguments])


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _IFF_UP))
