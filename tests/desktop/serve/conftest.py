"""Real servers on the loopback, in a thread of this process, each with a real worker."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openai
import pytest

from desktop.serve.server import server
from desktop.serve.service import Service
from runtime.messages import Event

TOKEN = "medley-token-of-the-tests"
WAIT_S = 120.0
"""For machines that are busy with something else; nothing here measures time."""


@dataclass
class Served:
    """A server that runs."""

    service: Service
    port: int
    ended: list[Event] = field(default_factory=list)
    """The last event of every turn."""

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> openai.OpenAI:
        """OpenAI's own client."""
        options = {"api_key": TOKEN, "max_retries": 0, "timeout": WAIT_S, **options}
        return openai.OpenAI(base_url=f"{self.base}/v1", **options)

    def wait(self, number: int) -> Event:
        """The last event of the turn of this number."""
        deadline = time.monotonic() + WAIT_S
        while len(self.ended) <= number and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.ended[number]


@contextmanager
def serving(bundle: str | Path, folder: Path) -> Iterator[Served]:
    """A server for the time of the context."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    options = {"device": "cpu", "threads": 1, "folder": folder}
    service = Service(str(bundle), options)
    served = Served(service, listening.getsockname()[1])
    service.engine.on_end = served.ended.append
    made = server(service, listening, TOKEN)
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        made.should_exit = True
        thread.join(WAIT_S)


@pytest.fixture(scope="session")
def pocket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the embedded bundle."""
    with serving("pocket", tmp_path_factory.mktemp("private")) as served:
        yield served


@pytest.fixture(scope="session")
def endless(endless_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose answers are long."""
    with serving(endless_bundle, tmp_path_factory.mktemp("private")) as served:
        yield served


@pytest.fixture
def client(pocket: Served) -> Iterator[openai.OpenAI]:
    """OpenAI's client of the embedded bundle."""
    with pocket.client() as made:
        yield made
