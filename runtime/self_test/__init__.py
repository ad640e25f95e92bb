"""A short test of any bundle: does it make sense, see, hear, draw, and how fast is it? What was
found is kept, so that a list of bundles can say it.

    outcome = self_test(bundle, on_step=print)
    kept.of(bundle.folder)         what was found last, None if the bundle changed since
"""
