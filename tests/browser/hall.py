"""The people of a round by the rules of batch 11, each at a browser: six companies, two officers, a hospital.

Three companies are shortlisted. The third is broken and may win by a revival, which asks it first; then the fourth,
outside the shortlist, is asked at the price that stands by then. The fifth lacks demand, the sixth bid highest.
"""

from __future__ import annotations

import pathlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from playwright.sync_api import Page

from importers.demo.parties import PASSWORD
from kernel.auth.models import User
from kernel.auth.services.passwords import hashed
from kernel.parties.models import Region
from procurement.demand.models import BaseVolume, Report, ReportLine
from procurement.rounds.services import publishing, setup
from procurement.rounds.services.setup import Calendar
from tests.browser.conftest import Site
from tests.procurement.rounds.scene import Scene

REGIONS = {"320100": "南京市", "320200": "无锡市", "320300": "徐州市", "320400": "常州市", "320500": "苏州市"}
# shortlisted 0.5000, 0.6000, 1.4000: half their mean is 0.4167, so the anchor is 0.5000 and the limit 0.9000
BIDS = ("0.5000", "0.6000", "1.4000", "1.4500", "1.5000", "1.6000")
BRANDS = (100, 100, 100, 400, 50, 100)  # the mean is 141.67
WATCHERS = ("officer", "reviewer", "h1", "c1", "c2", "c3", "c4", "c5", "c6")


@dataclass(slots=True)
class Hall:
    """Everybody at a browser, with the address of the round."""

    site: Site
    home: str
    pages: dict[str, Page] = field(default_factory=dict)
    pictures: pathlib.Path | None = None
    taken: int = 0

    def at(self, who: str, path: str = "") -> Page:
        """Let somebody open a page of the round, or of the site where the path begins with a second stroke."""
        page = self.pages[who]
        page.goto(self.site.url + (path[1:] if path.startswith("//") else self.home + path))
        return page

    def picture(self, who: str, name: str) -> None:
        """Keep how a step looks, where somebody wants to look; in English and narrow too."""
        if not self.pictures:
            return
        self.taken += 1
        path, page = self.pictures / f"batch-11-{self.taken:02d}-{name}", self.pages[who]
        page.screenshot(path=f"{path}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=f"{path}-390.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def brands(scene: Scene) -> None:
    """Report demand by brand besides what is reported by generic name."""
    lot, report = scene.lots[1], scene.session.query(Report).order_by(Report.id).first()
    assert report is not None
    for number, quantity in enumerate(BRANDS, 1):
        place = {"lot_id": lot.id, "specification_id": lot.specifications[0].specification_id,
                 "company_id": scene.company(number), "quantity": Decimal(quantity)}  # fmt: skip
        scene.session.add_all(
            [BaseVolume(region_code=next(iter(REGIONS)), **place), ReportLine(report=report, **place)]
        )
    scene.session.flush()


def sealed(scene: Scene, now: datetime) -> None:
    """Let the round be published and the companies bid, days ago."""
    assert scene.call is not None
    began, ends = now - timedelta(days=5), now - timedelta(hours=1)
    scene.round_ = scene.act(
        setup.create, at=began, call_id=scene.call.id, code="GY-YD2026-1", title="第十一批国家组织药品集中采购",
        rule_set_id="batch-11",
    )  # fmt: skip
    scene.does(setup.set_calendar, at=began, calendar=Calendar(began + timedelta(days=1), ends, publicity_days=0))
    scene.does(publishing.publish, "reviewer", began)
    for number, price in enumerate(BIDS, 1):
        scene.bid(number, {1: price}, ends - timedelta(hours=1))


def admitted(scene: Scene, now: datetime) -> None:
    """Name the regions, and let everybody sign in."""
    secret = hashed(PASSWORD)
    for region in scene.session.query(Region):
        region.name = REGIONS[region.code]
    for user in scene.session.query(User):
        user.password_hash, user.password_set_at, user.demo = secret, now, True
