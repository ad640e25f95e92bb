"""Renders an artifact again from its recipe, without a language model. Knows the bus only."""

from __future__ import annotations

import threading

from plugins.api import Artifact, Recipe
from plugins.bus import DEFAULT_LIMIT_S, Bus
from plugins.errors import KnownError
from plugins.stage import MemoryLike, OnProgress, RenderStage


def rerender(
    recipe: Recipe,
    bus: Bus,
    device: str = "cpu",
    *,
    memory: MemoryLike | None = None,
    on_progress: OnProgress | None = None,
    previews: bool = False,
    cancelled: threading.Event | None = None,
    limit_s: float = DEFAULT_LIMIT_S,
) -> Artifact:
    """The artifact that the recipe describes: the same bytes on the same machine. Waits for it.

    A recipe with another seed or other parameters than it was made with gives a variation.

    Raises:
        Cancelled: `cancelled` was set.
        KnownError: no renderer for the modality; the registered renderer, its version or its bundle
            is another one than the recipe's; or the rendering failed (`RenderFailed`).
    """
    found = bus.renderers().get(recipe.modality, ())
    if found and recipe.renderer not in found:
        raise KnownError(
            "recipe: expected renderer {renderer} for {modality}, found {found}; open the "
            "bundle that made it.",
            renderer=recipe.renderer,
            modality=recipe.modality,
            found=" and ".join(found),
        )
    stage = RenderStage(
        recipe.seed,
        device,
        wants_preview=previews,
        on_progress=on_progress,
        cancel=cancelled,
        memory=memory,
    )
    future = bus.submit(
        recipe.modality,
        recipe.condition,
        recipe.parameters,
        stage,
        renderer_id=recipe.renderer if found else "",
        limit_s=limit_s,
    )
    artifact = future.result()
    made = artifact.recipe
    if _origin(made) != _origin(recipe):
        raise KnownError(
            "recipe: expected {renderer} {renderer_version} with bundle {bundle}, found "
            "{renderer_2} {renderer_version_2} with {bundle_2}; open the bundle that made it.",
            renderer=recipe.renderer,
            renderer_version=recipe.renderer_version,
            bundle=recipe.bundle,
            renderer_2=made.renderer,
            renderer_version_2=made.renderer_version,
            bundle_2=made.bundle,
        )
    return artifact


def check_bundle(recipe: Recipe, bundle: str) -> None:
    """Refuse a recipe that was made with another bundle than the one of this name.

    Raises:
        KnownError: it was.
    """
    if recipe.bundle != bundle:
        raise KnownError(
            "recipe: expected one made with bundle {bundle_name}, found one made with "
            "{bundle}. Open that bundle.",
            "bundle",
            bundle_name=bundle,
            bundle=recipe.bundle,
        )


def _origin(recipe: Recipe) -> tuple[str, str, str]:
    return recipe.renderer, recipe.renderer_version, recipe.bundle
