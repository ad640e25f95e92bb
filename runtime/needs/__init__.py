"""What bundles take in memory, and what there is. Reads the heads of files only; imports no torch
and no llama.cpp."""

from runtime.needs.bundle import (
    BundleNeeds,
    PartNeeds,
    bundle_needs,
    encoder_working,
    working_bytes,
)
from runtime.needs.gguf import (
    LanguageModelNeeds,
    context_that_fits,
    language_model,
    layers_that_fit,
)
from runtime.needs.machine import available_bytes
from runtime.needs.networks import network

__all__ = [
    "BundleNeeds",
    "LanguageModelNeeds",
    "PartNeeds",
    "available_bytes",
    "bundle_needs",
    "context_that_fits",
    "encoder_working",
    "language_model",
    "layers_that_fit",
    "network",
    "working_bytes",
]
