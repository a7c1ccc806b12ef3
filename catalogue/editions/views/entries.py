"""The page of an entry, the comparison of two editions, and the matches of products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalogue.drugs.models import Product
from catalogue.editions import exports
from catalogue.editions.flow import MATCH_FLOW, MatchAction, MatchState
from catalogue.editions.models import Edition, ListMatch
from catalogue.editions.queries import comparing, entries, matching
from catalogue.editions.queries import editions as queries
from catalogue.editions.rules.comparison import ChangeKind
from catalogue.editions.rules.matching import Reason
from catalogue.editions.rules.restrictions import from_plain
from catalogue.editions.services import matching as services
from catalogue.register.models import CodedDrug
from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.errors import DomainError, NotFound
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.panels import Panel
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render

PAGE = 100


def show(call: Call, entry_id: int) -> str:
    """Show an entry: what is paid for, for whom, its repeats, its history, the products that belong to it."""
    entry = entries.one(call.session, entry_id, call.actor)
    rows = entries.under_number(call.session, entry)
    matches = matching.of_entries(call.session, [entry.id])
    return render(
        "catalogue/list_entry.html", entry=entry, path=entries.path(call.session, entry), rows=rows,
        read=from_plain(entry.restriction_read), history=entries.history(call.session, entry, call.actor),
        matches=matches, why=_reasons(),
        products=matching.products(call.session, (each.product_id for each in matches)),
    )  # fmt: skip


def comparison(call: Call, edition_id: int) -> str:
    """Show what changed from an edition to another, by kind of change."""
    new, old = _both(call, edition_id)
    found = comparing.compared(call.session, old.id, new.id) if old else None
    kind = call.args.get("kind", type=ChangeKind)
    kinds = [(each, len(found.of(each))) for each in ChangeKind] if found else []
    changes = (found.of(kind) if kind else found.changes) if found else ()
    last = max(1, -(-len(changes) // PAGE))
    number = min(max(1, call.args.get("page", 1, type=int)), last)
    others = [each for each in call.session.scalars(queries.visible(call.actor)) if each.id != new.id]
    return render(
        "catalogue/edition_comparison.html", edition=new, old=old, found=found, kind=kind, kinds=kinds,
        total=len(changes), changes=changes[(number - 1) * PAGE : number * PAGE], number=number, last=last, size=PAGE,
        others=[(each.id, each.code) for each in others], K=ChangeKind,
    )  # fmt: skip


def comparison_table(call: Call) -> Sheet:
    """Return a comparison, before and after side by side."""
    edition_id = record_id(call.args.get("edition", "")) or 0
    new, old = _both(call, edition_id)
    if old is None:
        raise NotFound(edition=edition_id)
    return exports.comparison_sheet(call.session, old=old, new=new)


def match_table(call: Call) -> Sheet:
    """Return the matches that the page shows."""
    edition = queries.one(call.session, record_id(call.args.get("edition", "")) or 0, call.actor)
    return exports.match_sheet(call.session, matching.questions(edition.id, state=_state(call)))


def _state(call: Call) -> MatchState | None:
    state = call.args.get("state", "open")
    return MatchState(state) if state in set(MatchState) else None


def _both(call: Call, edition_id: int) -> tuple[Edition, Edition | None]:
    """Return the edition and the one asked to compare it with, else the one it follows."""
    new = queries.one(call.session, edition_id, call.actor)
    asked = call.args.get("with", type=record_id)
    return new, queries.one(call.session, asked, call.actor) if asked else queries.before(call.session, new, call.actor)


def matches(call: Call, edition_id: int) -> str:
    """Show the products matched to an edition, those to be decided first."""
    edition = queries.one(call.session, edition_id, call.actor)
    wanted = _state(call)
    found = paginate(call.session, matching.questions(edition_id, state=wanted), size=50)
    return render(
        "catalogue/list_matches.html", edition=edition, list=found, state=wanted, states=MatchState,
        A=MatchAction, why=_reasons(),
        counts=matching.by_state(call.session, edition_id), flow=MATCH_FLOW,
        makers=matching.makers(call.session, found.rows), codes=matching.codes(call.session, found.rows),
    )  # fmt: skip


def match(call: Call, edition_id: int) -> Response:
    """Match all products on sale anew."""
    certain, waiting = services.match_products(call.session, edition_id=edition_id, actor=call.actor, at=call.at)
    flash_done(_("%(certain)s matches are certain, %(open)s wait for a decision.", certain=certain, open=waiting))
    return redirect_to("catalogue.list_matches", edition_id=edition_id)


def decide(call: Call, match_id: int) -> Response:
    """Confirm or reject a match."""
    version, asked = call.form.get("version", type=record_id), call.form.get("action", "")
    if asked not in set(MatchAction):
        raise DomainError("unknown-choice", value=asked)
    action = MatchAction(asked)
    found = services.decide(
        call.session, match_id=match_id, action=action, version=version, actor=call.actor, at=call.at
    )
    flash_done(_("The decision was recorded."))
    return redirect_to("catalogue.list_matches", edition_id=found.edition_id, state=call.form.get("back") or None)


def _reasons() -> dict[str, str]:
    return {reason.value: label(reason) for reason in Reason}


def product_panel(session: Session, actor: Actor, product: Product, _at: datetime) -> Panel:
    """Show where a product stands in the national list, through the editions."""
    return _standing(session, actor, matching.of_product(session, product.id))


def drug_panel(session: Session, actor: Actor, drug: CodedDrug, _at: datetime) -> Panel:
    """Show where a coded drug stands in the national list, through the editions."""
    return _standing(session, actor, matching.of_drug(session, drug))


def _standing(session: Session, actor: Actor, found: Sequence[ListMatch]) -> Panel:
    rows = matching.through_editions(session, found, actor)
    matched = {match.edition_id for match in found}
    return Panel("catalogue/list_standing.html", {"rows": rows, "why": _reasons(), "matched": matched})
