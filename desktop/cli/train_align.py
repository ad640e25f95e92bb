"""`medley train align`: hands a person's own parts and data to the school.

Knows the command line; imports the school only when asked.
"""

from __future__ import annotations

import argparse

from desktop.cli.optional import needs_extra
from plugins.switches import enabled_plugins


def align(options: argparse.Namespace) -> int:
    """Align the parts that `options` name into a bundle in `options.out`."""
    with needs_extra():
        from training.align.run import main
        from training.align.settings import Settings
    settings = Settings(
        language_model=options.language_model,
        encoder=options.encoder,
        renderers=tuple(options.renderer),
        data=tuple(options.data),
        name=options.name or options.out.name or "mine",
        template=options.template,
        steps=options.steps,
        batch=options.batch,
        signals=dict(options.signals or ()),
    )
    return main(
        settings,
        out=options.out,
        resume=options.resume,
        device=options.device,
        stage=options.stage,
        enabled_plugins=enabled_plugins(),
    )
