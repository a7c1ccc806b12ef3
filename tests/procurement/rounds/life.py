"""A round's life as its rules tell it, written apart from the code: who may do what, and when.

`Life` follows what happened through the pages. `may` says whether an act is legal now; the machine tries legal and
illegal ones alike and compares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

OFFICERS = ("officer", "reviewer")
COMPANIES = ("c1", "c2", "c3")
PEOPLE = (*OFFICERS, *COMPANIES, "h1", "supervisor", "")
PUBLICITY = timedelta(days=3)


@dataclass
class Life:
    """What is known of the round: its stage, its moments, who did what.

    By lot: `ties` across the last place, `shared` ranks that a draw may part, `chooses` where regions are chosen.
    """

    receives: datetime
    deadline: datetime
    now: datetime
    stage: str = "draft"
    bids: set[tuple[str, int]] = field(default_factory=set)
    asked: tuple[str, datetime] | None = None
    announced_by: str = ""
    publicity_ends: datetime | None = None
    ties: set[int] = field(default_factory=set)
    shared: set[int] = field(default_factory=set)
    chooses: set[int] = field(default_factory=set)
    drafted: bool = False

    @property
    def bidding(self) -> bool:
        """Whether bids are received now: from the hour on, up to but not including the deadline."""
        return self.stage == "published" and self.receives <= self.now < self.deadline

    @property
    def closed(self) -> bool:
        """Whether the deadline of a published round has passed."""
        return self.stage == "published" and self.now >= self.deadline

    def may(self, act: str, who: str, lot: int = 0) -> bool:
        """Say whether an act of a person is legal now."""
        return bool(getattr(self, f"_{act}")(who, lot))

    def _publish(self, who: str, _lot: int) -> bool:
        """By the second person, while the deadline lies ahead. The first one drafted the round."""
        return who == "reviewer" and self.stage == "draft" and self.now + timedelta(minutes=1) < self.deadline

    def _bid(self, who: str, _lot: int) -> bool:
        return who in COMPANIES and self.bidding

    def _withdraw(self, who: str, lot: int) -> bool:
        return who in COMPANIES and self.bidding and (who, lot) in self.bids

    def _extend(self, who: str, _lot: int) -> bool:
        running = self.stage == "published" and self.now < self.deadline
        return who in OFFICERS and running and self.asked is None

    def _confirm(self, who: str, _lot: int) -> bool:
        running = self.stage == "published" and self.now < self.deadline
        return who in OFFICERS and running and self.asked is not None and self.asked[0] != who

    def _open(self, who: str, _lot: int) -> bool:
        return who in OFFICERS and self.closed

    def _evaluate(self, who: str, _lot: int) -> bool:
        return who in OFFICERS and self.stage in ("opened", "evaluated", "announced")

    def _draw(self, who: str, lot: int) -> bool:
        return who in OFFICERS and self.stage in ("evaluated", "announced") and lot in self.shared

    def _choose(self, who: str, _lot: int) -> bool:
        """Regions are drafted once, when who chooses first is settled in every lot."""
        settled = self.chooses and not self.chooses & self.shared
        return who in OFFICERS and self.stage == "announced" and bool(settled) and not self.drafted

    def _announce(self, who: str, _lot: int) -> bool:
        return who in OFFICERS and self.stage == "evaluated" and not self.ties

    def _award(self, who: str, _lot: int) -> bool:
        over = self.publicity_ends is not None and self.now >= self.publicity_ends
        ready = self.drafted or not self.chooses
        return who in OFFICERS and self.stage == "announced" and over and who != self.announced_by and ready

    def _close(self, who: str, _lot: int) -> bool:
        return who in OFFICERS and self.stage == "awarded"
