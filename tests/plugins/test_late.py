"""Names of a package are imported when they are first asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import runtime.media
from plugins.late import late


def test_a_name_brings_its_module_and_no_other() -> None:
    script = (
        "import sys, runtime.media, runtime.speech.voice\n"
        "from runtime.media import shown\n"
        "from runtime.speech.voice import ClauseCutter, names\n"
        "heavy = {'av', 'numpy', 'runtime.media.audio', 'runtime.speech.voice.voice'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("package", ["runtime.media", "runtime.speech.voice"])
def test_every_name_that_a_package_offers_is_there(package: str) -> None:
    module = __import__(package, fromlist=["*"])
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_another_name_is_missing() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'sound_of'"):
        late("runtime.media", {"shown": "files"})("sound_of")
    assert not hasattr(runtime.media, "sound_of")
