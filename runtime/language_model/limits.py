"""The sizes of one call into llama.cpp. Imports nothing, so that its memory can be counted without
it."""

from __future__ import annotations

from typing import Final, Literal

N_BATCH: Final = 512
"""Positions of one call into llama.cpp."""
N_OUTPUTS: Final = 64
"""Positions of one call that may have logits and states."""
CacheType = Literal["f16", "q8_0"]
"""How keys and values are kept: as float16, or in 8 bits with a scale for each 32."""
