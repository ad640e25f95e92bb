"""The measures of the evaluation: shares with their certainty, captions, distributions, likeness.

`shares`, `words`, `cider` and `distributions` are arithmetic and know no model; `embeddings` is the
only one that runs a bundle's encoder.
"""
