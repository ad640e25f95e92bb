"""One tools process for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.tools.calling import Calls
from tests.desktop.tools.misbehaving import PLUGIN, install


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    """Medley's own tools and those of a plugin that does what good ones do not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(install(tmp_path_factory.mktemp("site"))), prepend=":")
        made = Calls()
        made.client.configure(plugins=[PLUGIN])
        made.client.wait(60)
        yield made
        made.client.close()
