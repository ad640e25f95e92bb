"""Medley for many people or cards: its parts as replicas of a Ray Serve application.

An extra with an environment of its own (`requirements.txt`). Nothing of Medley imports it.
"""

import os
import secrets
from pathlib import Path

# Ray reads these as it is imported: nothing is reported to its makers, and its processes answer
# only who knows a secret, which is made for this start where a cluster has none.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ.setdefault("RAY_AUTH_MODE", "token")
if "RAY_AUTH_TOKEN_PATH" not in os.environ and not Path("~/.ray/auth_token").expanduser().exists():
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
