"""A bundle is proven by a process of its own, which is watched while it reads."""

from __future__ import annotations

import threading
from pathlib import Path

from desktop.window.settings.proving import Proof
from runtime.bundle.bundle import EMBEDDED, find_bundle
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver


def test_a_proof_tells_its_share_and_its_outcome() -> None:
    proof = Proof(EMBEDDED, find_bundle(EMBEDDED))
    outcome: list[tuple[bool, str]] = []
    waiting = threading.Thread(target=lambda: outcome.append(proof.wait()))
    waiting.start()
    shares = []
    while waiting.is_alive():
        shares.append(proof.share())
        waiting.join(0.01)

    assert outcome[0][0]
    reading = [share for share in shares if share >= 0]
    assert reading == sorted(reading)
    assert all(share <= 1 for share in reading)


def test_a_bundle_without_a_manifest_is_not_whole(tmp_path: Path) -> None:
    proof = Proof(str(tmp_path), tmp_path)

    whole, words = proof.wait()

    assert not whole
    assert str(tmp_path) in words


def test_the_window_shows_how_far_a_proof_is(opened: Driver) -> None:
    bundles = opened.medley.bundles_model
    bundles.refresh()
    opened.until(lambda: any(row.name == EMBEDDED for row in bundles.rows))
    seen: list[tuple[str, float]] = []

    def row() -> tuple[str, float]:
        [found] = [row for row in bundles.rows if row.name == EMBEDDED]
        return found.verifyState, found.verifyShare

    bundles.dataChanged.connect(lambda *_: seen.append(row()))
    bundles.verify(EMBEDDED)
    opened.until(lambda: row()[0] in ("ok", "failed"), ANSWER_LIMIT_MS)

    assert row()[0] == "ok"
    assert ("running", 0.0) in seen
    assert ("running", -1.0) in seen
