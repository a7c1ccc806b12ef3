"""The audit trail, and the history page of every record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kernel.audit import queries
from kernel.audit.labels import fact_name, fact_text
from kernel.audit.models import AuditEntry
from kernel.audit.tags import KNOWN
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.i18n import has_label, label
from kernel.identity import record_id
from kernel.parties.queries import actors, names
from kernel.periods import read_day
from kernel.web import paginate, registry, render


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a page shows it: facts as (name, value), changes as (name, before, after)."""

    entry: AuditEntry
    organisation: str
    subject: str
    known: bool
    facts: list[tuple[str, str]]
    changes: list[tuple[str, str, str]]


def index(call: Call) -> str:
    """List what happened, by event, organisation and day."""
    args = call.args
    query = queries.entries(
        tag=args.get("tag", ""), organisation=args.get("organisation", type=record_id),
        actor=args.get("actor", type=record_id), since=read_day(args.get("since", "")),
        until=read_day(args.get("until", "")),
    )  # fmt: skip
    page = paginate(call.session, query)
    rows = shown(call, page.rows)
    return render(
        "kernel/audit.html", pager=page, rows=rows, heads=len(queries.heads(call.session)),
        tag_options=sorted(
            ((value, label(tag)) for value, tag in KNOWN.items() if has_label(tag)), key=lambda option: option[1]
        ),
        organisation_options=actors(call.session),
    )  # fmt: skip


def history(call: Call, kind: str, identity: str) -> str:
    """Show what happened to one record, to whoever may see the record."""
    found = subject_of(call, kind, identity)
    if found is None:
        raise NotFound(kind=kind, id=identity)
    page = paginate(call.session, queries.history(kind, identity), size=100)
    return render("kernel/history.html", name=found[0], url=found[1], pager=page, rows=shown(call, page.rows))


def subject_of(call: Call, kind: str, identity: str) -> tuple[str, str] | None:
    """Name a record and its address, if the actor may see it."""
    find = registry.subjects.get(kind)
    try:
        return find(call.session, call.actor, identity) if find else None
    except ValueError:  # an id in the address that is none of this kind
        return None


def shown(call: Call, entries: Iterable[AuditEntry]) -> list[Shown]:
    """Put entries into words, in the reader's language."""
    kept = list(entries)
    known = names(call.session, {entry.organisation_id for entry in kept if entry.organisation_id is not None})
    return [_shown(call, entry, known.get(entry.organisation_id or 0, "")) for entry in kept]


def _shown(call: Call, entry: AuditEntry, organisation: str) -> Shown:
    kind, facts = entry.subject_kind, dict(entry.facts)
    subject = subject_of(call, kind, entry.subject_id)
    changed = facts.pop("changed", {})
    changed = changed if isinstance(changed, dict) else {}
    told = {name: value for name, value in facts.items() if value not in (None, "")}
    return Shown(
        entry, organisation, subject[0] if subject else f"{fact_name(kind)} {entry.subject_id}", subject is not None,
        facts=[(fact_name(name), fact_text(kind, name, value)) for name, value in told.items()],
        changes=[_change(kind, name, pair) for name, pair in changed.items()],
    )  # fmt: skip


def _change(kind: str, name: str, pair: Any) -> tuple[str, str, str]:
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    return fact_name(name), fact_text(kind, name, before), fact_text(kind, name, after)
