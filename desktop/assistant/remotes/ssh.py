"""The system's ssh: how it is called, and what its last words mean. Starts nothing."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from desktop.assistant.remotes.kept import Remote, command_words
from plugins.errors import KnownError, Problem, phrase

CONNECT_S = 15
_OPTIONS = (
    # Nothing is asked: a password or an unknown host is refused, and the sentence says what to do.
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    f"ConnectTimeout={CONNECT_S}",
    # A connection that is cut without a word is noticed.
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    # The other computer gets what Medley sends, and nothing of this one's.
    "ForwardAgent=no",
    "ForwardX11=no",
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "Tunnel=no",
    "EscapeChar=none",
    "LogLevel=ERROR",
)
_COMMAND_MISSING, _SSH_FAILED = 127, 255
_REFUSED = re.compile(r"Permission denied|Too many authentication failures|no more authentication")
_UNREACHED = re.compile(
    r"refused|timed out|Timeout|No route|unreachable|reset|closed by|kex_exchange|Broken pipe"
    r"|Temporary failure",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Failed:
    """Why there is no connection."""

    problem: Problem
    again: bool = False
    """Whether another try may find it otherwise."""


def ssh_command(remote: Remote) -> list[str]:
    """The command line that starts a worker there.

    Raises:
        KnownError: there is no ssh here, or as `command_words`.
    """
    ssh = shutil.which("ssh")
    if ssh is None:
        raise KnownError(
            "expected the program ssh, found none. Install the OpenSSH client of your system.",
            "network",
        )
    options = [word for option in _OPTIONS for word in ("-o", option)]
    port = ["-p", str(remote.port)] if remote.port else []
    words = [*command_words(remote), "worker", "--stdio"]
    return [ssh, "-T", "-a", "-x", *options, *port, "--", remote.host, shlex.join(words)]


def by_hand(remote: Remote, program: str = "ssh") -> str:
    """What a person types to log in there."""
    port = f" -p {remote.port}" if remote.port else ""
    return f"{program}{port} {remote.host}"


def failed(remote: Remote, code: int | None, lines: Sequence[str], *, greeted: bool) -> Failed:
    """Why a connection ended.

    Args:
        remote: to which computer.
        code: ssh's exit code; None where it was ended from here.
        lines: what it, or a program there, wrote to stderr.
        greeted: whether Medley had answered there.
    """
    said = "\n".join(lines)
    last = phrase("exit code {code}", code=code)
    if lines:
        last = Problem(lines[-1].rstrip("."))
    if greeted:
        problem = phrase(
            "the connection to {name} was cut ({last}). Ask again: it is made anew.",
            name=remote.name,
            last=last,
        )
    else:
        problem = _not_begun(remote, code, said, last)
    again = not greeted and code == _SSH_FAILED and _UNREACHED.search(said) is not None
    return Failed(msgspec.structs.replace(problem, kind="network"), again)


def _not_begun(remote: Remote, code: int | None, said: str, last: Problem) -> Problem:
    """Why Medley did not answer there."""
    name, login = remote.name, by_hand(remote)
    if "IDENTIFICATION HAS CHANGED" in said:
        return phrase(
            "{name} shows another host key than before, which an attack would do too. Find out "
            "whether it was set up anew; then remove the old key with `ssh-keygen -R` and log in "
            "once with `{login}`.",
            name=name,
            login=login,
        )
    if "Host key verification failed" in said:
        return phrase(
            "the host key of {name} is not known here yet. Run `{login}` once in a terminal, "
            "compare the fingerprint that it shows, and say yes.",
            name=name,
            login=login,
        )
    if _REFUSED.search(said):
        return phrase(
            "{name} does not let you in without a password ({last}). Run `{copy}` once in a "
            "terminal; a key with a passphrase has to be in ssh's agent.",
            name=name,
            last=last,
            copy=by_hand(remote, "ssh-copy-id"),
        )
    if "Could not resolve hostname" in said and "Temporary" not in said:
        return phrase(
            "{name}: no computer with the address {host} is found. Correct it, or connect to the "
            "network in which it is.",
            name=name,
            host=remote.host,
        )
    if code == _COMMAND_MISSING or "command not found" in said:
        return phrase(
            "{name} has no program {command}. Install Medley there, or say where it is with "
            "`medley remote add --command`.",
            name=name,
            command=remote.command,
        )
    if code == _SSH_FAILED:
        return phrase(
            "{name} cannot be reached ({last}). See whether it is switched on and `{login}` gets "
            "there.",
            name=name,
            last=last,
            login=login,
        )
    return phrase(
        "expected Medley to answer on {name}, found: {last}. See what `{login} {command} "
        "--version` says; both computers need the same version.",
        name=name,
        last=last,
        login=login,
        command=remote.command,
    )
