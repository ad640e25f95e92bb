"""A renderer elsewhere renders as one that is here, and a replica that is lost costs a repetition.

The host is that of `deploy.renderer_host`, which is tested here too.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from deploy.remote_renderer import RemoteRenderer, ReplicaLost
from deploy.wire import RenderRequest
from plugins.api import Artifact, Condition
from plugins.bus import Bus
from plugins.bus_jobs import RenderFailed
from plugins.errors import Cancelled, KnownError
from plugins.manifest import discover
from plugins.stage import RenderStage
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.components.renderers import make_renderer
from tests.deploy.hosting import LocalCalls

_IMAGE = "medley.image"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Bundle.open(find_bundle("pocket"))


@pytest.fixture(scope="module")
def condition(bundle: Bundle) -> Condition:
    shape = bundle.signal("image").condition_shape
    made = np.random.default_rng(3).standard_normal(shape).astype(np.float32)
    return Condition({"embeds": made})


@pytest.fixture
def remote(pictures: LocalCalls) -> RemoteRenderer:
    return RemoteRenderer("image", _IMAGE, "pocket", pictures)


def _rendered(
    renderer: object, condition: Condition, stage: RenderStage, **parameters: int
) -> Artifact:
    bus = Bus()
    bus.register(renderer)  # type: ignore[arg-type]
    try:
        return bus.submit("image", condition, {"steps": 2, **parameters}, stage).result()
    finally:
        bus.close()


def test_it_gives_the_bytes_that_the_renderer_gives_here(
    remote: RemoteRenderer, bundle: Bundle, condition: Condition
) -> None:
    steps: list[int] = []
    stage = RenderStage(5, on_progress=lambda step, of, preview: steps.append(step))

    there = _rendered(remote, condition, stage)

    own = make_renderer(bundle, "image", _IMAGE, discover())
    assert there.data == _rendered(own, condition, RenderStage(5)).data
    assert steps == [0, 1, 2]


def test_it_declares_what_the_renderer_declares(remote: RemoteRenderer, bundle: Bundle) -> None:
    own = make_renderer(bundle, "image", _IMAGE, discover())

    assert (remote.version, remote.parameters) == (own.version, tuple(own.parameters))
    assert remote.unknown_words("a red boat") == own.unknown_words("a red boat")


def test_a_rendering_whose_replica_is_lost_is_begun_again(
    remote: RemoteRenderer, pictures: LocalCalls, condition: Condition
) -> None:
    whole = _rendered(remote, condition, RenderStage(6))
    pictures.begun, pictures.lost = 0, 1

    again = _rendered(remote, condition, RenderStage(6))

    assert (again.data, pictures.begun) == (whole.data, 2)


def test_after_two_lost_replicas_it_says_so(
    remote: RemoteRenderer, pictures: LocalCalls, condition: Condition
) -> None:
    pictures.lost = 2

    with pytest.raises(RenderFailed, match=r"renderer medley\.image failed: its process ended\."):
        _rendered(remote, condition, RenderStage(6))


def test_it_stops_where_it_renders(remote: RemoteRenderer, condition: Condition) -> None:
    stage = RenderStage(5, on_progress=lambda step, of, preview: stage.cancel())

    with pytest.raises(Cancelled):
        _rendered(remote, condition, stage, steps=50)


def test_what_is_wrong_there_is_told_here(remote: RemoteRenderer) -> None:
    wrong = Condition({"embeds": np.zeros((3, 5), np.float32)})

    with pytest.raises(RenderFailed) as raised:
        _rendered(remote, wrong, RenderStage(1))

    assert "[3, 5]" in str(raised.value) or "(3, 5)" in str(raised.value)
    assert str(raised.value).count("failed") == 1


def test_a_host_has_only_its_own_renderers(pictures: LocalCalls) -> None:
    with pytest.raises(KnownError, match="expected a renderer of image in bundle pocket"):
        pictures.describe("medley.audio")


def test_a_request_of_a_strange_renderer_is_refused_as_told(pictures: LocalCalls) -> None:
    request = RenderRequest("medley.audio", "a bell", {}, 1)

    told = list(pictures.render(request, {}))

    assert [type(one).__name__ for one in told] == ["Failed"]
    assert "Start all replicas" in str(msgspec.to_builtins(told[0]))


def test_a_lost_replica_is_a_sentence() -> None:
    assert str(ReplicaLost("its process ended.")) == "its process ended."
