"""The map of rounds, and what they add to the shell."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from procurement.rounds import api as calls
from procurement.rounds import exports
from procurement.rounds.announcements import blueprint as announcements
from procurement.rounds.board import blueprint as board
from procurement.rounds.draft import blueprint as draft
from procurement.rounds.experts import blueprint as experts
from procurement.rounds.labels import facts as fact_names
from procurement.rounds.labels import names, refusals
from procurement.rounds.letters import blueprint as letters
from procurement.rounds.objections import blueprint as objections
from procurement.rounds.renewals import blueprint as renewals
from procurement.rounds.reruns import blueprint as reruns
from procurement.rounds.revivals import blueprint as revivals
from procurement.rounds.schemas import DecisionOut, RoundOut, RoundQuery
from procurement.rounds.sets import blueprint as sets
from procurement.rounds.statements import blueprint as statements
from procurement.rounds.views import (
    acts,
    facts,
    home,
    listing,
    lots,
    notices,
    preparing,
    record,
    regions,
    sending,
    units,
)
from procurement.rounds.voids import blueprint as voids

assert all((exports, fact_names, names, refusals))  # importing them registers names and sentences

POST = ("POST",)
ONE = "/rounds/<int:round_id>"
LOT = f"{ONE}/lots/<int:number>"


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, and its lines to the shell."""
    _reading(pages)
    _preparing(pages)
    _acting(pages)
    _files(pages)
    sets.mount(pages)
    board.mount(pages)
    statements.mount(pages)
    for area in (announcements, objections, letters, voids, reruns):
        area.mount(pages, api)
    experts.mount(pages)
    renewals.mount(pages)
    revivals.mount(pages, api)
    draft.mount(pages)
    api.add("rounds", "/rounds", calls.index, P.ROUND_READ, query=RoundQuery, returns=RoundOut(many=True))
    api.add("round", ONE, calls.show, P.ROUND_READ, returns=RoundOut)
    api.add("decisions", f"{ONE}/decisions", calls.decisions, P.ROUND_READ, returns=DecisionOut(many=True))
    nav_item(
        NavItem(
            _l("Procurement"), _l("Rounds"), "procurement.rounds", "hammer", P.ROUND_READ, count=home.count, order=20
        )
    )
    home_queue(P.ROUND_EVALUATE, home.agency, order=10)
    subject_link("round", home.subject)


def _reading(pages: Pages) -> None:
    pages.add("rounds", "/rounds", listing.index, P.ROUND_READ)
    pages.add("round", ONE, record.show, P.ROUND_READ)
    pages.add("round_rules", f"{ONE}/rules", record.rules, P.ROUND_READ)
    pages.add("round_notice", f"{ONE}/notice", notices.show, P.ROUND_READ)
    pages.add("round_regions", f"{ONE}/regions", regions.show, P.ROUND_READ)
    pages.add("round_mine", f"{ONE}/mine", record.mine, P.BID_SUBMIT)
    pages.add("round_units", f"{ONE}/units", units.show, P.ROUND_READ)
    pages.add("round_lot", LOT, lots.show, P.ROUND_READ)


def _preparing(pages: Pages) -> None:
    pages.add("round_new", "/rounds/new", listing.new, P.ROUND_SET_UP)
    pages.add("round_create", "/rounds/new", listing.create, P.ROUND_SET_UP, methods=POST, again=listing.new)
    pages.add("round_set_rules", f"{ONE}/set-up/rules", preparing.rules, P.ROUND_SET_UP)
    pages.add(
        "round_choose_rules", f"{ONE}/set-up/rules", preparing.choose_rules, P.ROUND_SET_UP, methods=POST,
        again=preparing.rules, long=("text",),
    )  # fmt: skip
    pages.add(
        "round_fill", f"{ONE}/set-up/parameters", preparing.fill, P.ROUND_SET_UP, methods=POST, again=preparing.rules
    )
    pages.add("round_caps", f"{ONE}/set-up/caps", preparing.caps, P.ROUND_SET_UP)
    pages.add(
        "round_caps_save", f"{ONE}/set-up/caps", preparing.save_caps, P.ROUND_SET_UP, methods=POST,
        again=preparing.caps, long=("caps",),
    )  # fmt: skip
    pages.add("round_calendar", f"{ONE}/set-up/calendar", preparing.calendar, P.ROUND_SET_UP)
    pages.add(
        "round_calendar_save", f"{ONE}/set-up/calendar", preparing.save_calendar, P.ROUND_SET_UP, methods=POST,
        again=preparing.calendar,
    )  # fmt: skip


def _acting(pages: Pages) -> None:
    pages.add("round_publish", f"{ONE}/publish", acts.publish, P.ROUND_PUBLISH, methods=POST)
    pages.add("round_void", f"{ONE}/void", acts.void, P.ROUND_PUBLISH, methods=POST)
    pages.add("round_open", f"{ONE}/open", acts.open_bids, P.ROUND_OPEN, methods=POST)
    pages.add("round_facts", f"{ONE}/facts", facts.show, P.ROUND_EVALUATE)
    pages.add("round_facts_save", f"{ONE}/facts", facts.save, P.ROUND_EVALUATE, methods=POST, again=facts.show)
    pages.add("round_evaluate", f"{ONE}/evaluate", acts.evaluate, P.ROUND_EVALUATE, methods=POST)
    pages.add("round_announce", f"{ONE}/announce", acts.announce, P.ROUND_AWARD, methods=POST)
    pages.add("round_award", f"{ONE}/award", acts.award, P.ROUND_AWARD, methods=POST)
    pages.add("round_close", f"{ONE}/close", acts.close, P.ROUND_AWARD, methods=POST)
    pages.add("round_draft", f"{ONE}/regions/draft", acts.draft, P.ROUND_AWARD, methods=POST)
    pages.add("round_ask", f"{ONE}/questions", notices.ask, P.QUESTION_ASK, methods=POST, again=notices.show)
    answer = f"{ONE}/questions/<int:question_id>/answer"
    pages.add("round_answer", answer, notices.answer, P.QUESTION_ANSWER, methods=POST)
    pages.add("round_extend", f"{ONE}/extension", notices.extend, P.ROUND_EXTEND)
    pages.add(
        "round_extend_ask", f"{ONE}/extension", notices.extend_ask, P.ROUND_EXTEND, methods=POST, again=notices.extend
    )
    later = f"{ONE}/extension/<int:extension_id>"
    pages.add("round_extend_confirm", f"{later}/confirm", notices.extend_confirm, P.ROUND_EXTEND, methods=POST)
    pages.add("round_extend_refuse", f"{later}/refuse", notices.extend_refuse, P.ROUND_EXTEND, methods=POST)
    pages.add("round_draw", f"{LOT}/draw", lots.draw, P.ROUND_EVALUATE)
    pages.add("round_draw_record", f"{LOT}/draw", lots.record_draw, P.ROUND_EVALUATE, methods=POST, again=lots.draw)
    pages.add("round_prefer", f"{LOT}/preference", regions.prefer, P.BID_SUBMIT)
    pages.add(
        "round_prefer_save", f"{LOT}/preference", regions.save_preference, P.BID_SUBMIT, methods=POST,
        again=regions.prefer,
    )  # fmt: skip


def _files(pages: Pages) -> None:
    pages.add("round_decisions", f"{ONE}/decisions.<form>", sending.decisions, P.ROUND_READ)
    pages.add("round_awards", f"{ONE}/awards.<form>", sending.awards, P.ROUND_READ)
    pages.add("round_regions_file", f"{ONE}/regions.<form>", sending.regions, P.ROUND_READ)
    pages.add("round_table", f"{ONE}/table.<form>", sending.table, P.ROUND_READ)
    pages.add("round_result", f"{ONE}/result.json", sending.result, P.ROUND_READ)
    pages.add("round_draws", f"{ONE}/draws.json", sending.draws, P.ROUND_READ)
    pages.add("round_rules_file", f"{ONE}/rules.toml", sending.rules, P.ROUND_READ)
