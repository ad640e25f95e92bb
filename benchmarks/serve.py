"""The server's throughput against bare llama-cpp-python on the same model, and how it queues.

    python -m benchmarks.serve [--tokens N] [--rounds N] [--clients 1,4,8] [--threads N]

Every client asks for an answer of so many tokens at the same time; tokens a second are those of all
clients together, from the first question to the last answer. Server and bare model take turns, so
that a machine that is busy with something else slows both; it slows the bare model more, whose
threads wait for each other where Medley takes fewer, so with --threads both get as many. With
several clients the waiting times say whether the queue is fair: they grow by one answer from client
to client.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desktop.serve.server import server
from desktop.serve.service import Service
from runtime.bundle.bundle import find_bundle, read_manifest
from runtime.language_model.threads import physical_cores

TOKEN = "medley-benchmark-token"
PROMPT = "Write a long story about a boat on the sea."
N_CTX = 2048


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bundle", default="starter")
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", default="1,4,8")
    parser.add_argument("--threads", type=int, help="of both (default: as many as each likes)")
    options = parser.parse_args()
    with serving(options.bundle, options.threads) as port:
        bare = Bare(options.bundle, options.threads)
        ask(port, 4, 0)
        bare.tokens_per_second(4, 0)
        for clients in map(int, options.clients.split(",")):
            ratios, waits = [], [list[float]() for _ in range(clients)]
            for number in range(options.rounds):
                ours, ended = all_at_once(port, clients, options.tokens, number)
                ratios.append(ours / bare.tokens_per_second(options.tokens, number))
                for list_, seconds in zip(waits, ended, strict=True):
                    list_.append(seconds)
            medians = [f"{statistics.median(one):.1f}" for one in waits]
            print(
                f"{clients} client(s): server / bare = {statistics.median(ratios):.3f} "
                f"({min(ratios):.3f} to {max(ratios):.3f}); answered after {', '.join(medians)} s",
                flush=True,
            )
        bare.close()


def all_at_once(port: int, clients: int, tokens: int, seed: int) -> tuple[float, list[float]]:
    """Tokens a second of all clients together, and when each was answered, in that order."""
    ended: list[float] = []
    written: list[int] = []

    def one(number: int) -> None:
        found = ask(port, tokens, 100 * seed + number)
        ended.append(time.perf_counter() - begun)
        written.append(found)

    begun = time.perf_counter()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(written) / max(ended), sorted(ended)


def ask(port: int, tokens: int, seed: int) -> int:
    """Have a stream answered; how many tokens it had."""
    body = {
        "messages": [{"role": "user", "content": f"{PROMPT} {seed}"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": tokens,
        "temperature": 0,
        "modalities": ["text"],
    }
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    written = 0
    for line in connection.getresponse():
        if line.startswith(b"data: {") and (usage := json.loads(line[6:]).get("usage")):
            written = int(usage["completion_tokens"])
    connection.close()
    return written


class Bare:
    """The bundle's model in llama-cpp-python, with its own chat template."""

    def __init__(self, bundle: str, threads: int | None) -> None:
        import llama_cpp.llama_cpp as llama
        from llama_cpp import Llama

        usual = llama.llama_model_default_params

        def without_copies() -> Any:
            """Weights as they lie in the file."""
            params = usual()
            params.use_extra_bufts = False
            return params

        llama.llama_model_default_params = without_copies

        folder = find_bundle(bundle)
        path = folder / read_manifest(folder).language_model.file
        self._system = read_manifest(folder).template.system
        self._model = Llama(
            str(Path(path).resolve()),
            n_ctx=N_CTX,
            n_threads=threads or physical_cores(),
            n_threads_batch=threads or physical_cores(),
            flash_attn=False,
            verbose=False,
        )
        llama.llama_model_default_params = usual

    def tokens_per_second(self, tokens: int, seed: int) -> float:
        """Of one answer, its question included."""
        begun = time.perf_counter()
        stream: Any = self._model.create_chat_completion(
            [
                {"role": "system", "content": self._system},
                {"role": "user", "content": f"{PROMPT} {seed}"},
            ],
            max_tokens=tokens,
            temperature=0,
            stream=True,
        )
        written = sum(1 for chunk in stream if chunk["choices"][0]["delta"].get("content"))
        return written / (time.perf_counter() - begun)

    def close(self) -> None:
        """Free the model."""
        self._model.close()


@contextmanager
def serving(bundle: str, threads: int | None) -> Iterator[int]:
    """A server for the time of the context; its port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    service = Service(bundle, {"device": "cpu", "threads": threads})
    made = server(service, listening, TOKEN)
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        made.should_exit = True
        thread.join()


if __name__ == "__main__":
    main()
