"""The system's ssh: how it is called, and what its last words mean. Starts nothing."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.assistant.remotes.kept import Remote, command_words
from plugins.errors import KnownError, Problem

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
_COMMAND_MISSING = 127
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
    last = lines[-1] if lines else f"exit code {code}"
    if greeted:
        return Failed(_problem(
            "the connection to {name} was cut ({last}). Ask again: it is made anew.",
            name=remote.name, last=last,
        ))  # fmt: skip
    if "IDENTIFICATION HAS CHANGED" in said:
        return Failed(_problem(
            "{name} shows another host key than before, which an attack would do too. Find out "
            "whether it was set up anew; then remove the old key with `ssh-keygen -R` and log in "
            "once with `{by_hand}`.",
            name=remote.name, by_hand=by_hand(remote),
        ))  # fmt: skip
    if "Host key verification failed" in said:
        return Failed(_problem(
            "the host key of {name} is not known here yet. Run `{by_hand}` once in a terminal, "
            "compare the fingerprint that it shows, and say yes.",
            name=remote.name, by_hand=by_hand(remote),
        ))  # fmt: skip
    if _REFUSED.search(said):
        return Failed(_problem(
            "{name} does not let you in without a password ({last}). Run `{by_hand}` once in a "
            "terminal; a key with a passphrase has to be in ssh's agent.",
            name=remote.name, last=last, by_hand=by_hand(remote, "ssh-copy-id"),
        ))  # fmt: skip
    if "Could not resolve hostname" in said and "Temporary" not in said:
        return Failed(_problem(
            "{name}: no computer with the address {host} is found. Correct it, or connect to the "
            "network in which it is.",
            name=remote.name, host=remote.host,
        ))  # fmt: skip
    if code == _COMMAND_MISSING or "command not found" in said:
        return Failed(_problem(
            "{name} has no program {command}. Install Medley there, or say where it is with "
            "`medley remote add --command`.",
            name=remote.name, command=remote.command,
        ))  # fmt: skip
    if code == 255 or _UNREACHED.search(said):
        return Failed(_problem(
            "{name} cannot be reached ({last}). See whether it is switched on and `{by_hand}` gets "
            "there.",
            name=remote.name, last=last, by_hand=by_hand(remote),
        ), again=_UNREACHED.search(said) is not None)  # fmt: skip
    return Failed(_problem(
        "expected Medley to answer on {name}, found: {last}. See what `{by_hand} {command} "
        "--version` says; both computers need the same version.",
        name=remote.name, last=last, by_hand=by_hand(remote), command=remote.command,
    ))  # fmt: skip


def _problem(template: str, **arguments: str) -> Problem:
    return Problem(template, dict(arguments), "network")
