"""How a request wants its answer to be sampled, checked. Knows no route."""

from __future__ import annotations

from desktop.serve.errors import ApiError
from runtime.messages import Sampling

WARMEST = 2.0
_SEEDS = 2**31
_MOST_STOPS = 16


def sampling_of(
    heat: float | None,
    share: float | None,
    most: int | None,
    stop: str | list[str] | None,
    schema: str = "",
    most_name: str = "max_tokens",
) -> Sampling:
    """The engine's wishes for a request's.

    Args:
        heat: temperature.
        share: top-p.
        most: tokens of the answer.
        stop: texts that end it.
        schema: JSON schema of its words.
        most_name: how the request calls `most`.

    Raises:
        ApiError: one of them is out of bounds.
    """
    if most is not None and most < 1:
        raise ApiError(f"{most_name}: expected a number from 1, found {most}.", param=most_name)
    if heat is not None and not 0 <= heat <= WARMEST:
        raise ApiError(
            f"temperature: expected a number from 0 to {WARMEST:g}, found {heat:g}.",
            param="temperature",
        )
    if share is not None and not 0 < share <= 1:
        raise ApiError(f"top_p: expected a number above 0 up to 1, found {share:g}.", param="top_p")
    return Sampling(heat, share, most, _stops(stop), schema)


def _stops(stop: str | list[str] | None) -> tuple[str, ...]:
    stops = [stop] if isinstance(stop, str) else stop or []
    if len(stops) > _MOST_STOPS:
        raise ApiError(
            f"stop: expected at most {_MOST_STOPS} texts, found {len(stops)}.", param="stop"
        )
    return tuple(text for text in stops if text)


def seed_of(seed: int | None) -> int | None:
    """The engine's seed; None draws one."""
    return None if seed is None or seed < 0 else seed % _SEEDS


def thinks(effort: str | None) -> bool | None:
    """Whether the model is to think first; None leaves it to the bundle."""
    return None if effort is None else effort not in ("none", "minimal")
