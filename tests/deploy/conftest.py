"""One host of Pocket's pictures for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.renderer_host import RendererHost
from tests.deploy.hosting import LocalCalls, Loop


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    """The event loop on which hosts run."""
    made = Loop()
    yield made
    made.close()


@pytest.fixture(scope="session")
def pictures(loop: Loop) -> Iterator[LocalCalls]:
    """The calls to a host of Pocket's pictures."""
    host = RendererHost("pocket", "image", "cpu")
    yield LocalCalls(loop, host)
    host.close()
