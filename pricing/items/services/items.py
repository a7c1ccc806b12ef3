"""Put items of a catalogue, one or ten thousand at once; a change is a version of its own from a day on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from catalogue.search.services import Entry, outdate
from catalogue.search.sources.services import source
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.errors import DomainError
from kernel.sets import among
from pricing.items.flow import ItemStandard
from pricing.items.models import ItemAddOn, ItemExclusion, ItemVersion, ServiceItem
from pricing.items.queries import items
from pricing.items.rules.items import PLAIN, Draft, Edition, Last, edition
from pricing.tags import Tag

FOUND = "service_item"


@dataclass(frozen=True, slots=True)
class Put:
    """How many items are new, have a new version, or had one of the same day corrected."""

    created: int = 0
    followed: int = 0
    corrected: int = 0


def put_items(
    session: Session, drafts: Sequence[Draft], *, standard: ItemStandard, starts_on: date, region_code: str = "",
    import_id: int | None = None, actor: Actor, at: datetime, facts: Mapping[str, Any] | None = None,
) -> Put:  # fmt: skip
    """Put items of a catalogue as they are from a day on. What its drafts do not name stays as it is."""
    last = items.last_versions(session, [draft.code for draft in drafts], region_code)
    if taken := [draft.code for draft in drafts if draft.code in last and last[draft.code].standard is not standard]:
        raise DomainError("service-other-standard", item=taken[0])
    by_edition: dict[Edition, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_edition[edition(draft, last.get(draft.code), starts_on=starts_on)].append(draft)
    new, after, corrected = (by_edition[each] for each in (Edition.CREATE, Edition.FOLLOW, Edition.CORRECT))
    written = [*new, *after, *corrected]
    if not written:
        return Put()
    _begin(session, new, standard, region_code)
    _end(session, [last[draft.code] for draft in after], starts_on)
    _forget(session, [last[draft.code].version_id for draft in corrected])
    ids = items.ids_by_code(session, [draft.code for draft in written], region_code)
    _write(session, written, ids, starts_on, import_id)
    outdate(session, FOUND, select(ServiceItem.id).where(among(ServiceItem.id, ids.values())))
    done = Put(len(new), len(after), len(corrected))
    counts = {"created": done.created, "changed": done.followed + done.corrected, "starts_on": starts_on}
    subject = session.get_one(ServiceItem, ids[written[0].code])
    record(session, Tag.SERVICE_ITEMS_PUT, subject, actor, at, {**(facts or {}), "standard": standard, **counts})
    return done


def _begin(session: Session, drafts: Sequence[Draft], standard: ItemStandard, region_code: str) -> None:
    count = len(drafts)
    if count:
        columns: dict[str, Sequence[Any]] = {
            "code": [draft.code for draft in drafts], "standard": [standard] * count,
            "region_code": [region_code] * count,
        }  # fmt: skip
        insert_rows(session, ServiceItem.__table__, columns=columns)


def _end(session: Session, last: Sequence[Last], day: date) -> None:
    statement = update(ItemVersion).where(among(ItemVersion.id, [one.version_id for one in last])).values(ends_on=day)
    session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def _forget(session: Session, version_ids: Sequence[int]) -> None:
    """Take away what a correction of the same day replaces."""
    for mapped, column in (
        (ItemAddOn, ItemAddOn.version_id), (ItemExclusion, ItemExclusion.version_id), (ItemVersion, ItemVersion.id),
    ):  # fmt: skip
        statement = delete(mapped).where(among(column, version_ids))
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def _write(
    session: Session, drafts: Sequence[Draft], ids: Mapping[str, int], starts_on: date, import_id: int | None
) -> None:
    count, item_ids = len(drafts), [ids[draft.code] for draft in drafts]
    columns: dict[str, Sequence[Any]] = {
        **{name: [getattr(draft.content, name) for draft in drafts] for name in PLAIN}, "item_id": item_ids,
        "starts_on": [starts_on] * count, "import_id": [import_id] * count, "row": [draft.row for draft in drafts],
    }  # fmt: skip
    insert_rows(session, ItemVersion.__table__, columns=columns)
    _write_parts(session, drafts, ids, _version_ids(session, item_ids, starts_on))


def _version_ids(session: Session, item_ids: Collection[int], starts_on: date) -> dict[int, int]:
    query = select(ItemVersion.item_id, ItemVersion.id).where(ItemVersion.starts_on == starts_on)
    return dict(session.execute(query.where(among(ItemVersion.item_id, item_ids))).all())


def _write_parts(
    session: Session, drafts: Sequence[Draft], ids: Mapping[str, int], versions: Mapping[int, int]
) -> None:
    more = [(versions[ids[draft.code]], one) for draft in drafts for one in draft.content.add_ons]
    out = [(versions[ids[draft.code]], code) for draft in drafts for code in draft.content.exclusions]
    columns: dict[str, Sequence[Any]]
    if more:
        columns = {"version_id": [version_id for version_id, _one in more]}
        columns |= {name: [getattr(one, name) for _id, one in more] for name in ("kind", "name", "amount", "percent")}
        insert_rows(session, ItemAddOn.__table__, columns=columns)
    if out:
        columns = {"version_id": [version_id for version_id, _code in out]}
        columns["category_code"] = [code for _version_id, code in out]
        insert_rows(session, ItemExclusion.__table__, columns=columns)


def entries(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return how items are found: by the names of all their versions, shown by the newest."""
    query = select(
        ServiceItem.id, ServiceItem.code, ItemVersion.name, ItemVersion.unit, ItemVersion.category_code,
        ItemVersion.category_name,
    ).join(ItemVersion, ItemVersion.item_id == ServiceItem.id)  # fmt: skip
    rows = defaultdict[int, list[Any]](list)
    for row in session.execute(query.where(among(ServiceItem.id, ids)).order_by(ItemVersion.starts_on.desc())):
        rows[row.id].append(row)
    return {item_id: _entry(some) for item_id, some in rows.items()}


def _entry(rows: Sequence[Any]) -> Entry:
    newest = rows[0]
    return Entry(
        kind=FOUND, title=newest.name, names=tuple(dict.fromkeys(row.name for row in rows)), codes=(newest.code,),
        detail=" ".join(filter(None, (newest.category_name, newest.unit))), others=(newest.category_name,),
        classes=[newest.category_code[:length] for length in (1, 2, 4, 6) if len(newest.category_code) >= length],
        facts={"code": newest.code, "pack": newest.unit},
    )  # fmt: skip


source(FOUND, select(ServiceItem.id), entries)
