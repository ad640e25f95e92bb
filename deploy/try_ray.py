"""Tries the Ray Serve application on this machine, with replicas that are killed meanwhile.

    python -m deploy.try_ray --clients 8 --each 6

Clients ask at once for words, pictures, sounds, clips, embeddings and what a picture shows. When a
third of the requests is over, a replica of the language model is killed, at two thirds one of the
pictures' renderer. Every request must be answered, or refused in a sentence; the same seed must
give the same picture before and after. Ends with 1 where that is not so.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import io
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import httpx2
import numpy as np
import psutil
from PIL import Image

from deploy import alone
from deploy.ray_serve import Shape, start, stop
from desktop.serve.settings import HOST
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import random_scene

_PORT = 6471
_WAIT_S = 300.0
_SEEDED = {"modality": "image", "prompt": "draw a red boat on the sea at night", "seed": 7}
_STEPS = 4
_BUSY_S = 15.0
"""For a replica to have something to do before it is killed."""
Json = dict[str, Any]
Outcome = Literal["answered", "refused", "broken"]


@dataclass(frozen=True)
class Asked:
    """A request and what became of it."""

    kind: str
    outcome: Outcome
    seconds: float
    told: str
    """What came, in a few words: the refusal's sentence."""
    digest: str = ""
    """Of the file that was made."""


@dataclass
class Trial:
    """What happens while the clients ask."""

    base: str
    token: str
    total: int
    kills: list[tuple[int, str]]
    """When so many requests are over, a process is killed whose title holds this."""
    asked: list[Asked] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def over(self, one: Asked) -> None:
        """A request is over; the thread that tells of it may have to kill a replica."""
        kill = ""
        with self.lock:
            self.asked.append(one)
            told = f"{one.kind:9} {one.seconds:6.1f} s  {one.outcome}: {one.told}"
            print(f"{len(self.asked):3}  {told}")
            sys.stdout.flush()
            if self.kills and len(self.asked) >= self.kills[0][0]:
                kill = self.kills.pop(0)[1]
        if kill:
            self.killed.append(_kill(kill))
            print(f"     {self.killed[-1]}")


def ask(client: httpx2.Client, kind: str) -> Asked:
    """Ask for one thing."""
    began = time.monotonic()
    try:
        outcome, told, digest = _KINDS[kind](client)
    except httpx2.HTTPError as error:
        outcome, told, digest = "broken", f"{type(error).__name__}: {error}", ""
    return Asked(kind, outcome, time.monotonic() - began, told, digest)


def _words(client: httpx2.Client) -> tuple[Outcome, str, str]:
    body = {"messages": _said("what do you know about frogs?"), "stream": True}
    words: list[str] = []
    with client.stream("POST", "/v1/chat/completions", json=body) as answer:
        if answer.status_code != 200:
            answer.read()
            return *_refusal(answer), ""
        for line in answer.iter_lines():
            data = line.removeprefix("data: ")
            if data == "[DONE]":
                return "answered", "".join(words)[:60], ""
            if line.startswith("data: "):
                told = json.loads(data)
                if "error" in told:
                    return *_sentence(told), ""
                words += [one["delta"].get("content") or "" for one in told["choices"]]
    return "broken", "the stream ended without its end", ""


def _chat(prompt: str) -> Callable[[httpx2.Client], tuple[Outcome, str, str]]:
    def asked(client: httpx2.Client) -> tuple[Outcome, str, str]:
        answer = client.post("/v1/chat/completions", json={"messages": _said(prompt)})
        if answer.status_code != 200:
            return *_refusal(answer), ""
        message = answer.json()["choices"][0]["message"]
        beside = message.get("x_medley", {"artifacts": [], "failed": []})
        for failed in beside["failed"]:
            return "refused", failed["message"], ""
        if not beside["artifacts"]:
            return "broken", f"nothing was made: {message['content']}", ""
        made = client.get(beside["artifacts"][0]["url"])
        return "answered", f"{made.headers['content-type']}, {len(made.content)} bytes", ""

    return asked


def _seeded(client: httpx2.Client) -> tuple[Outcome, str, str]:
    body = {**_SEEDED, "parameters": {"steps": _STEPS}}
    answer = client.post("/v1/x_medley/generations", json=body)
    if answer.status_code != 200:
        return *_refusal(answer), ""
    made = base64.b64decode(answer.json()["data"][0]["data"])
    digest = hashlib.sha256(made).hexdigest()
    return "answered", f"{len(made)} bytes, SHA-256 {digest[:12]}", digest


def _seen(client: httpx2.Client) -> tuple[Outcome, str, str]:
    parts = [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_picture()}"}},
        {"type": "text", "text": "what is in this picture?"},
    ]
    body = {"messages": [{"role": "user", "content": parts}]}
    answer = client.post("/v1/chat/completions", json=body)
    if answer.status_code != 200:
        return *_refusal(answer), ""
    return "answered", answer.json()["choices"][0]["message"]["content"][:60], ""


def _picture() -> str:
    """A picture of Pocketworld as base64, another one each time."""
    rng = np.random.default_rng()
    file = io.BytesIO()
    Image.fromarray(render_picture(random_scene(rng), rng)).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def _embedded(client: httpx2.Client) -> tuple[Outcome, str, str]:
    answer = client.post("/v1/embeddings", json={"model": "auto", "input": "a red boat"})
    if answer.status_code != 200:
        return *_refusal(answer), ""
    return "answered", f"{len(answer.json()['data'][0]['embedding'])} numbers", ""


_KINDS: dict[str, Callable[[httpx2.Client], tuple[Outcome, str, str]]] = {
    "words": _words,
    "picture": _seeded,
    "seen": _seen,
    "sound": _chat("play the sound of a dog in the rain"),
    "clip": _chat("show a clip of a yellow car moving left"),
    "embedding": _embedded,
}


def _said(prompt: str) -> list[Json]:
    return [{"role": "user", "content": prompt}]


def _refusal(answer: httpx2.Response) -> tuple[Outcome, str]:
    try:
        return _sentence(answer.json())
    except ValueError:
        return "broken", f"HTTP {answer.status_code}: {answer.text[:200]!r}"


def _sentence(told: Json) -> tuple[Outcome, str]:
    message = str(told.get("error", {}).get("message", ""))
    in_a_sentence = message.endswith(".") and "a fault of its own" not in message
    return ("refused" if in_a_sentence else "broken"), message


def _kill(title: str) -> str:
    """Kill a process that this one started, by its title, while it does something."""
    until = time.monotonic() + _BUSY_S
    while True:
        found = [one for one in _replicas() if title in one[1]]
        busy = [one for one in found if ".handle_request" in one[1]]
        if busy or time.monotonic() > until:
            break
        time.sleep(0.05)
    for pid, name in busy or found:
        os.kill(pid, signal.SIGKILL)
        return f"killed {name}, process {pid}, {'at work' if busy else 'idle'}"
    return f"found no process {title}"


def _replicas() -> list[tuple[int, str]]:
    """The processes that this one started, with their titles."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found.append((one.pid, " ".join(one.cmdline()).strip()))
    return found


@contextlib.contextmanager
def _application(options: argparse.Namespace, folder: Path) -> Iterator[str]:
    """The application, and its token."""
    shape = Shape(options.bundle, talkers=2, renderers={"image": 2}, cpus=options.cpus / 8)
    token = folder / "token"
    mine: list[psutil.Process] = []
    try:
        start(shape, options.port, token, cpus=options.cpus, store_bytes=200 << 20)
        yield token.read_text().strip()
        mine = psutil.Process().children(recursive=True)
    finally:
        mine = mine or psutil.Process().children(recursive=True)
        stop()
        _, left = psutil.wait_procs(mine, timeout=20)
        for one in left:
            with contextlib.suppress(psutil.Error):
                one.kill()
        print(f"processes: {len(mine)} were started, {len(left)} had to be killed at the end")


def _asking(trial: Trial, number: int, each: int) -> None:
    """One client's requests, one after the other; each client begins with another kind."""
    kinds = list(_KINDS)
    headers = {"Authorization": f"Bearer {trial.token}"}
    with httpx2.Client(base_url=trial.base, headers=headers, timeout=_WAIT_S) as client:
        for turn in range(each):
            trial.over(ask(client, kinds[(number + turn) % len(kinds)]))


def _summary(trial: Trial, seconds: float) -> int:
    outcomes = Counter(one.outcome for one in trial.asked)
    print(f"{len(trial.asked)} requests in {seconds:.0f} s: {dict(outcomes)}")
    for kind in _KINDS:
        times = sorted(one.seconds for one in trial.asked if one.kind == kind)
        if times:
            print(f"  {kind:9} {len(times)} times, median {times[len(times) // 2]:.1f} s, "
                  f"slowest {times[-1]:.1f} s")  # fmt: skip
    pictures = {one.digest for one in trial.asked if one.digest}
    print(f"  the picture of seed {_SEEDED['seed']} came in {len(pictures)} form(s)")
    whole = len(trial.asked) == trial.total and not outcomes["broken"] and not trial.kills
    return 0 if whole and len(pictures) <= 1 else 1


def main(arguments: list[str] | None = None) -> int:
    """Run the trial."""
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m deploy.try_ray", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--bundle", default="pocket")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--each", type=int, default=6, help="requests of each client")
    parser.add_argument("--cpus", type=int, default=2, help="that Ray may hand out")
    parser.add_argument("--port", type=int, default=_PORT)
    options = parser.parse_args(given)
    isolated = alone.begin("deploy.try_ray", given)
    print(f"network: {'a loopback of its own' if isolated else 'that of the machine'}")
    total = options.clients * options.each
    with tempfile.TemporaryDirectory(prefix="medley-ray-") as folder:
        began = time.monotonic()
        with _application(options, Path(folder)) as token:
            print(f"ready after {time.monotonic() - began:.0f} s")
            base = f"http://{HOST}:{options.port}"
            kills = [(total // 3, ":talker"), (2 * total // 3, ":renderer-image")]
            trial = Trial(base, token, total, kills)
            began = time.monotonic()
            clients = [
                threading.Thread(target=_asking, args=(trial, number, options.each))
                for number in range(options.clients)
            ]
            for one in clients:
                one.start()
            for one in clients:
                one.join()
            result = _summary(trial, time.monotonic() - began)
    return result


if __name__ == "__main__":
    sys.exit(main())
