"""Opens the small models of turn taking on onnxruntime, each on one thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plugins.errors import KnownError, phrase

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(path: Path) -> InferenceSession:
    """The model of a file.

    Raises:
        KnownError: the file is missing or broken.
    """
    import onnxruntime

    advice = phrase("fetch it again with `medley models get turn-taking`.")
    if not path.is_file():
        raise KnownError(
            "speech: expected the model {path}, found no such file; {advice}",
            path=path,
            advice=advice,
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise KnownError(
            "speech: the model {path} cannot be read ({said}); {advice}",
            path=path,
            said=said,
            advice=advice,
        ) from error
