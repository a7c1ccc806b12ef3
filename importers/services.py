"""Stage an upload, write it once, or drop it. Nothing is written before `apply`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from importers import queries
from importers.columns import Plan
from importers.examining import Examined, examine, planned
from importers.findings import Findings, gather, refusal
from importers.flow import IMPORT_FLOW, ImportAction, ImportState, Mode
from importers.models import Import
from importers.queries import Occasion
from importers.registry import Source, kind
from importers.vault import vault_of
from importers.workbook import Workbook, pack
from kernel.audit.services import record
from kernel.audit.tags import Tag
from kernel.auth.actor import Actor
from kernel.clock import beijing
from kernel.errands import queries as errands
from kernel.errands import queue
from kernel.errors import Conflict, DomainError, Issue

KEPT = timedelta(days=7)
APPLYING = "imports.apply"
MOST_CONFIDENTIAL = 2 << 20
"""Bytes of a confidential upload, which is read within the request: it is kept nowhere but in its vault."""


def about(import_id: int) -> str:
    """Return what an errand calls an import."""
    return f"import:{import_id}"


class Unapplicable(DomainError):
    """There is nothing to write, or the kind takes all rows or none."""

    code = "import-not-applicable"


def stage(
    session: Session, *, name: str, query: Mapping[str, str], book: Workbook, actor: Actor, at: datetime
) -> Import:
    """Check an upload and keep what it would do. Raises `FileRefused` where the file can't be taken at all."""
    examined = examine(session, name=name, query=query, book=book, actor=actor, at=at)
    import_ = _begun(examined.occasion, query, book.file_name, actor, at)
    session.add(import_)
    return _keep(session, import_, examined, actor, at)


def receive(
    session: Session, *, name: str, query: Mapping[str, str], data: bytes, file_name: str, actor: Actor, at: datetime,
    locale: str,
) -> Import:  # fmt: skip
    """Keep a large upload as it came, to be checked off the request. A confidential one is never kept so."""
    occasion = queries.occasion(session, name, query, actor=actor, at=at)
    if occasion.kind.confidential:
        raise DomainError("upload-too-large", file=file_name, limit=MOST_CONFIDENTIAL >> 20)
    import_ = _begun(occasion, query, file_name, actor, at)
    import_.digest, import_.rows_ref = hashlib.sha256(data).hexdigest(), vault_of(occasion.kind).stage(session, data)
    session.add(import_)
    session.flush()  # the errand, the event and the address name the id
    facts = {"import": import_.id}
    queue.send(session, "imports.check", about=about(import_.id), facts=facts, actor=actor, at=at, locale=locale)
    told = {"kind": name, "digest": import_.digest, "size": len(data)}
    record(session, Tag.IMPORT_RECEIVED, import_, actor, at, told)
    return import_


def keep(session: Session, *, import_id: int, examined: Examined, actor: Actor, at: datetime) -> Import:
    """Keep what a received upload would do, in place of the upload."""
    import_ = queries.one(session, import_id, actor)
    _move(session, import_, ImportAction.CHECK)
    vault_of(examined.occasion.kind).discard(session, import_.rows_ref)
    return _keep(session, import_, examined, actor, at)


def refuse(session: Session, *, import_id: int, issues: Sequence[Issue], actor: Actor, at: datetime) -> Import:
    """Keep why a received upload can't be taken at all, in place of the upload."""
    import_ = queries.one(session, import_id, actor)
    _move(session, import_, ImportAction.REFUSE)
    _forget(session, import_)
    import_.findings_ref = vault_of(kind(import_.kind)).stage(session, refusal(issues).dump())
    facts = {"kind": import_.kind, "digest": import_.digest, "issues": [issue.code for issue in issues]}
    record(session, Tag.IMPORT_REFUSED, import_, actor, at, facts)
    return import_


def ask_to_apply(session: Session, *, import_id: int, mode: Mode, actor: Actor, at: datetime, locale: str) -> Import:
    """Have a large import written off the request; the writing itself leaves the event."""
    import_ = queries.one(session, import_id, actor)
    _must_be_open(import_, at)
    IMPORT_FLOW.after(import_.state, ImportAction.APPLY)  # what was dropped can't be written
    if errands.under_way(session, APPLYING, about(import_.id)):
        return import_  # a second click changes nothing
    facts = {"import": import_.id, "mode": mode.value}
    queue.send(session, APPLYING, about=about(import_.id), facts=facts, actor=actor, at=at, locale=locale)
    record(session, Tag.IMPORT_CONFIRMED, import_, actor, at, _facts(import_) | {"mode": mode})
    return import_


def apply(session: Session, *, import_id: int, mode: Mode, actor: Actor, at: datetime) -> Import:
    """Write a staged import, once. Where the database moved on since the preview, a new preview is kept instead.

    Look at `state` afterwards: CHECKED means that nothing was written and the preview is new.
    """
    import_ = queries.one(session, import_id, actor)
    _must_be_open(import_, at)
    _move(session, import_, ImportAction.APPLY)
    occasion = queries.occasion(session, import_.kind, import_.query, actor=actor, at=at)
    old = queries.findings(session, import_)
    kept = replace(_kept(session, import_), marker=old.marker if old else ())
    checked, plan = planned(session, occasion, kept, actor, at)
    findings = gather(occasion.kind, checked, plan, marker=kept.marker, salt=old.salt if old else "")
    if old is None or old.fingerprint != findings.fingerprint or old.counts != findings.counts:
        return _preview_again(session, import_, findings)
    _must_write(occasion, mode, plan, findings)
    return _write(session, import_, occasion, plan, mode, actor, at)


def write(session: Session, *, examined: Examined, mode: Mode, actor: Actor, at: datetime) -> Import:
    """Write what was examined in this very transaction, where nobody has to confirm: the command line."""
    _must_write(examined.occasion, mode, examined.plan, examined.findings)
    import_ = _begun(examined.occasion, {}, examined.book.file_name, actor, at)
    import_.state, import_.sheet, import_.digest = ImportState.APPLIED, examined.checked.sheet.name, examined.digest
    for name, count in _counts(examined.findings).items():
        setattr(import_, name, count)
    session.add(import_)
    session.flush()  # rows and events name its id
    return _write(session, import_, examined.occasion, examined.plan, mode, actor, at)


def _write(
    session: Session, import_: Import, occasion: Occasion, plan: Plan, mode: Mode, actor: Actor, at: datetime
) -> Import:
    source = Source(import_.id, import_.digest, import_.file_name, import_.sheet)
    occasion.kind.apply(session, plan, context=occasion.context, actor=actor, at=at, source=source)
    import_.mode, import_.applied_at = mode, at
    import_.receipt = f"IM{beijing(at):%Y%m%d}-{import_.id:06d}"
    if occasion.kind.confidential:
        _forget(session, import_)
    record(session, Tag.IMPORT_APPLIED, import_, actor, at, _facts(import_) | {"receipt": import_.receipt})
    return import_


def cancel(session: Session, *, import_id: int, actor: Actor, at: datetime) -> Import:
    """Drop a staged import."""
    import_ = queries.one(session, import_id, actor)
    _move(session, import_, ImportAction.CANCEL)
    _forget(session, import_)
    record(session, Tag.IMPORT_CANCELLED, import_, actor, at, _facts(import_))
    return import_


def expire(session: Session, *, at: datetime) -> int:
    """Drop what was kept of imports whose time is over; return how many."""
    over = session.scalars(
        select(Import).where(Import.expires_at <= at, Import.rows_ref + Import.findings_ref != "").order_by(Import.id)
    ).all()
    for import_ in over:
        if IMPORT_FLOW.allows(import_.state, ImportAction.EXPIRE):
            _move(session, import_, ImportAction.EXPIRE)
        _forget(session, import_)
    return len(over)


def _begun(occasion: Occasion, query: Mapping[str, str], file_name: str, actor: Actor, at: datetime) -> Import:
    return Import(
        kind=occasion.kind.name, version=occasion.kind.version, query=dict(query), context=dict(occasion.context),
        file_name=file_name[-200:], sheet="", digest="", user_id=actor.user_id, user_name=actor.name,
        organisation_id=actor.organisation_id, state=ImportState.RECEIVED, mode=None, rows_ref="", findings_ref="",
        created_at=at, expires_at=at + KEPT, created=0, changed=0, unchanged=0, faulty=0,
    )  # fmt: skip


def _keep(session: Session, import_: Import, examined: Examined, actor: Actor, at: datetime) -> Import:
    vault = vault_of(examined.occasion.kind)
    import_.state, import_.sheet = ImportState.CHECKED, examined.checked.sheet.name
    import_.context, import_.digest = dict(examined.occasion.context), examined.digest
    import_.rows_ref = vault.stage(session, pack([examined.checked.sheet]))
    import_.findings_ref = vault.stage(session, examined.findings.dump())
    for name, count in _counts(examined.findings).items():
        setattr(import_, name, count)
    session.flush()  # the audit event and the address name the id
    record(session, Tag.IMPORT_STAGED, import_, actor, at, _facts(import_))
    return import_


def _kept(session: Session, import_: Import) -> Workbook:
    return Workbook(import_.file_name, import_.digest, queries.sheets(session, import_))


def _must_be_open(import_: Import, at: datetime) -> None:
    if import_.state is ImportState.APPLIED:
        raise Conflict("import-already-applied", receipt=import_.receipt)
    if import_.expires_at <= at:
        raise Conflict("import-expired")


def _move(session: Session, import_: Import, action: ImportAction) -> None:
    """Change the state by compare-and-set: of two that press at once, one gets through."""
    before = import_.state
    after = IMPORT_FLOW.after(before, action)
    moved = session.execute(
        update(Import).where(Import.id == import_.id, Import.state == before).values(state=after)
    ).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has a row count
    if moved != 1:
        raise Conflict("import-already-applied", receipt="")
    session.refresh(import_)


def _preview_again(session: Session, import_: Import, findings: Findings) -> Import:
    """Put the state back and keep the new findings: the person confirms what he sees, or nothing."""
    vault = vault_of(kind(import_.kind))
    vault.discard(session, import_.findings_ref)
    import_.state, import_.findings_ref = ImportState.CHECKED, vault.stage(session, findings.dump())
    for name, count in _counts(findings).items():
        setattr(import_, name, count)
    return import_


def _must_write(occasion: Occasion, mode: Mode, plan: Plan, findings: Findings) -> None:
    if findings.issues and (occasion.kind.all_or_nothing or mode is Mode.ALL):
        raise Unapplicable("import-has-issues", rows=findings.counts[3])
    if plan.empty:
        raise Unapplicable("import-writes-nothing")


def _forget(session: Session, import_: Import) -> None:
    vault = vault_of(kind(import_.kind))
    for ref in (import_.rows_ref, import_.findings_ref):
        if ref:
            vault.discard(session, ref)
    import_.rows_ref = import_.findings_ref = ""


def _counts(findings: Findings) -> dict[str, int]:
    return dict(zip(("created", "changed", "unchanged", "faulty"), findings.counts, strict=True))


def _facts(import_: Import) -> dict[str, object]:
    return {
        "kind": import_.kind, "digest": import_.digest, "sheet": import_.sheet, "created": import_.created,
        "changed": import_.changed, "unchanged": import_.unchanged, "faulty": import_.faulty,
    }  # fmt: skip
