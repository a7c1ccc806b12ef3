"""From opened bids to the award and its volumes."""

from __future__ import annotations

from tests.procurement.rounds.scene import Scene


def test_a_small_round_runs_to_its_award(scene: Scene) -> None:
    round_ = scene.awarded()
    assert round_.awarded_at is not None
