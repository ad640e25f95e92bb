"""Settings, models and bundles as the window shows them."""
