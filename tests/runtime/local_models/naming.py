"""What is said of a path that a person names."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.local_models.found import FoundModel, NotAModelError
from runtime.local_models.identify import identify


def refusal(path: Path) -> str:
    """The sentence for a path that is no model."""
    with pytest.raises(NotAModelError) as caught:
        identify(path)
    said = str(caught.value)
    assert "\n" not in said and "{" not in said and said.endswith((".", "`", "path", "source"))
    return said


def only(path: Path) -> FoundModel:
    """The one model at a path."""
    (found,) = identify(path)
    return found
