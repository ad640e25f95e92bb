"""ImageBind's architecture and the way from a medium to its features.

`config` and `sampling` are plain data and arithmetic; `model` is the network, `preprocess` and
`fbank` make its inputs, `inputs` goes from a file to an input. Knows no language model. Only the
configuration is imported here, so that reading a manifest needs no torch.
"""

from __future__ import annotations

from runtime.encoder.config import AudioConfig, EncoderConfig, TextConfig, VisionConfig

__all__ = ["AudioConfig", "EncoderConfig", "TextConfig", "VisionConfig"]
