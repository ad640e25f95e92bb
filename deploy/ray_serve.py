"""`medley serve`'s API as a Ray Serve application: a replica for each language model and renderer.

    python -m deploy.ray_serve --bundle pocket --port 6400 --token-file token --talkers 2

Programs of this computer reach it at 127.0.0.1 with the token, as `medley serve`. Turns go to a
free replica of the language model, conditions from there to the replicas of their modality's
renderer. Joins the parts; knows how none of them computes.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import ray
from ray import serve
from ray.serve.handle import DeploymentHandle
from starlette.applications import Starlette

from deploy.ray_calls import RayRenderer, RayTalker
from deploy.ray_engine import RayEngine
from deploy.renderer_host import RendererHost
from deploy.talker_host import TalkerHost
from deploy.wire import Arrays, Embedded, RenderRequest, encode
from desktop.serve import settings
from desktop.serve.app import application
from desktop.serve.service import Service
from plugins.api import Float32
from plugins.errors import KnownError
from runtime.messages import MediaPart, TextPart, Turn
from runtime.opening import open_bundle

APPLICATION = "medley"
_AT_ONCE = 16
"""Calls to a renderer's replica at once: it renders one after the other, and answers questions
about words meanwhile."""
_CONNECTIONS = 512
"""Requests that the HTTP side holds at once; the queue behind it refuses more in a sentence."""


@dataclass(frozen=True)
class Shape:
    """Which replicas there are, and what each may use."""

    bundle: str
    talkers: int = 1
    renderers: Mapping[str, int] = field(default_factory=dict)
    """By modality; one where none is named, and with 0 the language model's replicas render."""
    threads: int = 1
    """Of each replica."""
    cpus: float = 1.0
    """Of each replica, as Ray counts them when it places replicas."""
    talker_gpus: float = 0.0
    renderer_gpus: float = 0.0

    def device(self, gpus: float) -> str:
        """Of a replica with so many graphics cards; Ray shows it only its own."""
        return "cuda" if gpus else "cpu"


@serve.deployment(max_ongoing_requests=_AT_ONCE, health_check_period_s=5)
class RendererReplica:
    """The renderers of one modality."""

    def __init__(self, bundle: str, modality: str, device: str, threads: int) -> None:
        self._host = RendererHost(bundle, modality, device, threads)

    async def describe(self, renderer: str) -> bytes:
        """`wire.Described` of a renderer."""
        return encode(self._host.describe(renderer))

    async def unknown_words(self, renderer: str, caption: str) -> tuple[str, ...]:
        """See `Renderer.unknown_words`."""
        return self._host.unknown_words(renderer, caption)

    async def condition_targets(self, renderer: str, captions: list[str]) -> Float32:
        """See `Renderer.condition_targets`."""
        return self._host.condition_targets(renderer, captions)

    async def prepare(self, renderer: str) -> None:
        """Load its weights early."""
        self._host.prepare(renderer)

    async def render(self, request: bytes, arrays: Arrays) -> AsyncIterator[bytes]:
        """What is told of one rendering, as `wire.Told`."""
        asked = msgspec.msgpack.decode(request, type=RenderRequest)
        async for told in self._host.render(asked, arrays):
            yield told


@serve.deployment(max_ongoing_requests=1, health_check_period_s=5)
class TalkerReplica:
    """The language model with its projections."""

    def __init__(
        self, shape: Shape, renderers: dict[str, DeploymentHandle[RendererReplica]]
    ) -> None:
        calls = {modality: RayRenderer(modality, handle) for modality, handle in renderers.items()}
        device = shape.device(shape.talker_gpus)
        self._host = TalkerHost(shape.bundle, calls, device, shape.threads)

    async def loaded(self) -> bytes:
        """`talker_host.Loaded`."""
        return encode(self._host.loaded)

    async def answer(self, turn: bytes, files: dict[str, bytes]) -> AsyncIterator[bytes]:
        """The events of a turn."""
        asked = msgspec.msgpack.decode(turn, type=Turn)
        async for event in self._host.answer(asked, files):
            yield encode(event)

    async def embed(self, content: bytes, files: dict[str, bytes]) -> bytes:
        """`wire.Embedded`."""
        asked = msgspec.msgpack.decode(content, type=TextPart | MediaPart)
        try:
            return encode(Embedded(await self._host.embed(asked, files)))
        except KnownError as error:
            return encode(Embedded(problem=error.problem))


@serve.deployment(max_ongoing_requests=_CONNECTIONS)
@serve.ingress()
class Http:
    """Medley's own server, whose engine are the replicas."""

    def __init__(
        self, shape: Shape, talker: DeploymentHandle[TalkerReplica], port: int, token_file: str
    ) -> None:
        self._shape, self._talker = shape, talker
        self._port, self._token_file = port, token_file

    def __serve_build_asgi_app__(self) -> Starlette:
        shape = self._shape
        engine = RayEngine(shape.bundle, RayTalker(self._talker), shape.talkers)
        service = Service(shape.bundle, computing=engine)
        return application(service, self._port, settings.token(Path(self._token_file)).text)


def built(shape: Shape, port: int, token_file: Path) -> Any:
    """The application, for `serve.run`.

    Args:
        shape: which replicas.
        port: at which programs reach it.
        token_file: holds the token that they show; every machine with an HTTP replica needs it.

    Raises:
        KnownError: no such bundle.
    """
    renderers: dict[str, Any] = {}
    for modality in open_bundle(shape.bundle).manifest.signals:
        if count := shape.renderers.get(modality, 1):
            renderers[modality] = RendererReplica.options(  # type: ignore[attr-defined]
                name=f"renderer-{modality}",
                num_replicas=count,
                ray_actor_options={"num_cpus": shape.cpus, "num_gpus": shape.renderer_gpus},
            ).bind(shape.bundle, modality, shape.device(shape.renderer_gpus), shape.threads)
    talker = TalkerReplica.options(  # type: ignore[attr-defined]
        name="talker",
        num_replicas=shape.talkers,
        ray_actor_options={"num_cpus": shape.cpus, "num_gpus": shape.talker_gpus},
    ).bind(shape, renderers)
    http = Http.options(name="http", ray_actor_options={"num_cpus": 0})  # type: ignore[attr-defined]
    return http.bind(shape, talker, port, str(token_file.absolute()))


def start(shape: Shape, port: int, token_file: Path, *, cpus: int | None, store_bytes: int) -> None:
    """Start Ray on this machine alone, and the application in it; `stop` ends both.

    Args:
        shape: which replicas.
        port: on 127.0.0.1.
        token_file: made where it is not there yet.
        cpus: that Ray may hand out; None is all.
        store_bytes: of Ray's shared memory for what travels.

    Raises:
        KnownError: no such bundle, or the token cannot be kept.
    """
    settings.token(token_file)
    ray.init(
        address="local",
        num_cpus=cpus,
        object_store_memory=store_bytes,
        include_dashboard=False,
        _node_ip_address=settings.HOST,
        log_to_driver=False,
    )
    serve.start(http_options={"host": settings.HOST, "port": port}, proxy_location="HeadOnly")
    serve.run(built(shape, port, token_file), name=APPLICATION, route_prefix="/")


def stop() -> None:
    """End the application and all of Ray's processes that `start` began."""
    if ray.is_initialized():
        serve.shutdown()
        ray.shutdown()


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C or the end of the process is asked for."""
    options = _parser().parse_args(arguments)
    shape = Shape(
        options.bundle,
        options.talkers,
        dict(options.renderer),
        options.threads,
        options.cpus_each,
        options.talker_gpus,
        options.renderer_gpus,
    )
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ended.set())
    try:
        start(
            shape,
            options.port,
            options.token_file,
            cpus=options.cpus,
            store_bytes=options.store_mb << 20,
        )
        print(f"Medley serves http://{settings.HOST}:{options.port}/v1. Ctrl-C ends it.")
        sys.stdout.flush()
        ended.wait()
    except KnownError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finally:
        stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.ray_serve", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--bundle", default="auto", help="name or folder, on every machine")
    parser.add_argument("--port", type=int, default=6400)
    text = "holds the token that clients show; made where it is not there"
    parser.add_argument("--token-file", type=Path, required=True, help=text)
    parser.add_argument("--talkers", type=int, default=1, help="replicas of the language model")
    parser.add_argument(
        "--renderer",
        type=_counted,
        action="append",
        default=[],
        metavar="MODALITY=N",
        help="replicas of a renderer (default: one of each)",
    )
    parser.add_argument("--threads", type=int, default=1, help="of each replica")
    parser.add_argument("--cpus", type=int, help="that Ray may hand out (default: all)")
    parser.add_argument("--cpus-each", type=float, default=1.0, help="that a replica counts for")
    parser.add_argument("--talker-gpus", type=float, default=0.0)
    parser.add_argument("--renderer-gpus", type=float, default=0.0)
    parser.add_argument("--store-mb", type=int, default=200, help="shared memory, MiB")
    return parser


def _counted(text: str) -> tuple[str, int]:
    modality, _, count = text.partition("=")
    return modality, int(count)


if __name__ == "__main__":
    sys.exit(main())
