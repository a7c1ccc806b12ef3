"""The violation list: two persons, days, regions, bids alone; past lists stay; workbooks come back as they went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from importers import queries as imports
from importers import services as importing
from importers.flow import Mode
from importers.workbook import read
from kernel.auth.second import SamePerson
from kernel.clock import today
from kernel.errors import Conflict, DomainError, Forbidden, Invalid
from kernel.parties.models import Region
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act
from pricing.credit.violations import queries, services
from pricing.credit.violations.exports import COLUMNS, listed
from pricing.credit.violations.flow import ViolationState
from pricing.credit.violations.services import NewViolation
from tests.importers import books
from tests.pricing.credit.ratings.court import Court
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE

UNTIL = date(2027, 6, 1)


pytestmark = pytest.mark.usefixtures("then")


def entry(stand: Court, **more: Any) -> NewViolation:
    plain = NewViolation(
        stand.scene.companies[0].id, "第十批", "串通投标", "联合采购办公室", "联采〔2026〕12号", cancels=True,
        suspended_from=today(NOW), suspended_until=UNTIL,
    )  # fmt: skip
    return replace(plain, **more)


def on_list(session: Session, stand: Court, **more: Any) -> int:
    made = services.propose(session, rows=[entry(stand, **more)], actor=stand.first, at=NOW)[0]
    services.confirm(session, violation_id=made.id, seen=made.version, actor=stand.second, at=NOW)
    session.flush()
    return made.id


def bars(session: Session, stand: Court, act: Act = Act.BID, region: str = CITY, days: int = 0) -> list[bool]:
    ids, at = [one.id for one in stand.scene.companies], NOW + timedelta(days=days)
    found = may_act(session, company_ids=ids, act=act, region_codes=[region], at=at)
    return [not found[one].allowed for one in ids]


def test_who_is_listed_may_not_bid_and_may_do_all_else(session: Session, stand: Court) -> None:
    made = services.propose(session, rows=[entry(stand)], actor=stand.first, at=NOW)[0]
    session.flush()
    assert bars(session, stand) == [False, False]  # proposed is not listed
    with pytest.raises(SamePerson):
        services.confirm(session, violation_id=made.id, seen=made.version, actor=stand.first, at=NOW)
    services.confirm(session, violation_id=made.id, seen=made.version, actor=stand.second, at=NOW)
    session.flush()
    assert bars(session, stand) == [True, False]
    assert [bars(session, stand, act) for act in (Act.LIST, Act.ORDER)] == [[False, False]] * 2
    last = (UNTIL - today(NOW)).days
    assert [bars(session, stand, days=days)[0] for days in (-1, last - 1, last)] == [False, True, False]


def test_an_entry_of_a_region_bars_there_alone(session: Session, stand: Court) -> None:
    on_list(session, stand, region_code=PROVINCE)
    assert [bars(session, stand, region=region)[0] for region in (PROVINCE, CITY, OTHER)] == [True, True, False]


def test_lifting_takes_another_person_and_leaves_past_lists(session: Session, stand: Court) -> None:
    made, later = on_list(session, stand), NOW + timedelta(days=30)
    with pytest.raises(SamePerson):
        services.lift(session, violation_id=made, seen=2, reason="撤销", actor=stand.second, at=later)
    with pytest.raises(Invalid):
        services.lift(session, violation_id=made, seen=2, reason=" ", actor=stand.first, at=later)
    services.lift(session, violation_id=made, seen=2, reason="行政复议撤销", actor=stand.first, at=later)
    session.flush()
    assert bars(session, stand, days=31) == [False, False]
    stood = [len(session.scalars(queries.listed(today(NOW) + timedelta(days=days))).all()) for days in (-1, 0, 29, 30)]
    assert stood == [0, 1, 1, 0]
    with pytest.raises(DomainError):
        services.lift(session, violation_id=made, seen=3, reason="再次", actor=stand.first, at=later)


def test_a_dropped_entry_is_nobodys(session: Session, stand: Court) -> None:
    made = services.propose(session, rows=[entry(stand)], actor=stand.first, at=NOW)[0]
    services.drop(session, violation_id=made.id, seen=made.version, reason="证据不足", actor=stand.second, at=NOW)
    session.flush()
    assert made.state is ViolationState.DROPPED and session.scalars(queries.listed(today(NOW))).all() == []
    assert queries.proposed(session, stand.first) == [] == queries.proposed(session, stand.company)
    with pytest.raises(Forbidden):
        services.confirm(session, violation_id=made.id, seen=made.version, actor=stand.company, at=NOW)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"cancels": False, "suspended_from": None, "suspended_until": None}, {"suspended_from"}),
        ({"suspended_until": None}, {"suspended_until"}),
        ({"suspended_until": date(2026, 1, 1)}, {"suspended_until"}),
        ({"round": "", "conduct": "", "origin": "", "document": ""}, {"round", "conduct", "origin", "document"}),
    ],
)
def test_what_can_not_be_so_is_refused(session: Session, stand: Court, more: Any, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        services.propose(session, rows=[entry(stand, **more)], actor=stand.first, at=NOW)
    assert set(refused.value.fields) == fields


def test_the_same_document_stands_once(session: Session, stand: Court) -> None:
    on_list(session, stand)
    with pytest.raises(Conflict, match="violation-known"):
        services.propose(session, rows=[entry(stand)], actor=stand.first, at=NOW)


def test_what_was_dropped_for_a_mistake_is_proposed_again(session: Session, stand: Court) -> None:
    made = services.propose(session, rows=[entry(stand, conduct="误")], actor=stand.first, at=NOW)[0]
    services.drop(session, violation_id=made.id, seen=made.version, reason="有误", actor=stand.first, at=NOW)
    again = services.propose(session, rows=[entry(stand)], actor=stand.second, at=NOW)[0]
    session.flush()
    assert (again.conduct, again.reason, again.decided_at) == ("串通投标", "", None)
    with pytest.raises(queries.Stale):  # whoever read the mistake confirms nothing else
        services.confirm(session, violation_id=again.id, seen=1, actor=stand.first, at=NOW)
    with pytest.raises(SamePerson):
        services.confirm(session, violation_id=again.id, seen=again.version, actor=stand.second, at=NOW)
    services.confirm(session, violation_id=again.id, seen=again.version, actor=stand.first, at=NOW)
    session.flush()
    assert bars(session, stand) == [True, False]


def test_offices_act_in_their_own_region(session: Session, stand: Court) -> None:
    city, province = (replace(stand.first, region=code) for code in (CITY, PROVINCE))
    for region in (None, PROVINCE, OTHER):
        with pytest.raises(Forbidden):
            services.propose(session, rows=[entry(stand, region_code=region)], actor=city, at=NOW)
    nation = services.propose(session, rows=[entry(stand)], actor=province, at=NOW)[0]
    own = services.propose(session, rows=[entry(stand, region_code=CITY, document="市")], actor=city, at=NOW)[0]
    session.flush()
    assert [queries.waiting(session, who, NOW)[0] for who in (city, province)] == [1, 2]
    for act in (services.confirm, services.drop, services.lift):
        with pytest.raises(Forbidden):
            more = {} if act is services.confirm else {"reason": "x"}
            act(
                session,
                violation_id=nation.id,
                seen=nation.version,
                actor=replace(stand.second, region=CITY),
                at=NOW,
                **more,
            )
    services.confirm(session, violation_id=own.id, seen=own.version, actor=replace(stand.second, region=CITY), at=NOW)


def test_a_past_list_keeps_the_names_it_had(session: Session, stand: Court) -> None:
    on_list(session, stand, region_code=PROVINCE)
    on, company = today(NOW), stand.scene.companies[0]

    def shown(text: str = "") -> list[tuple[str, str]]:
        return [(one.company_name, one.region_name) for one in session.scalars(queries.listed(on, text=text))]

    names = shown()
    assert names == [(company.name, session.get_one(Region, PROVINCE).name)] and names[0][1]
    company.name, session.get_one(Region, PROVINCE).name = "更名后", "更名省"
    session.flush()
    assert (shown(), shown(names[0][0]), shown("更名后")) == (names, names, [])


def test_the_export_comes_back_as_it_is_and_differences_are_told(session: Session, stand: Court) -> None:
    on_list(session, stand, region_code=PROVINCE)
    on_list(session, stand, document="联采〔2026〕13号", suspended_from=None, suspended_until=None)
    sheet = listed(session, {}, stand.first, NOW)
    rows = [["" if one is None else str(one) for one in row] for row in sheet.rows]

    def stage(*rows: list[str]) -> Any:
        book = read(books.book([list(COLUMNS), *rows]), "违规名单.xlsx")
        return importing.stage(session, name="round-violations", query={}, book=book, actor=stand.second, at=NOW)

    assert len(rows) == 2 and stage(*rows).unchanged == 2
    other, changed = [*rows[0]], [*rows[1]]
    other[9], changed[4] = "联采〔2026〕14号", "另一情形"
    staged = stage(other, changed, ["91320000MA1XXXXXXX", *rows[0][1:]])
    found = imports.findings(session, staged)
    assert {one.code for one in found.issues} >= {"violation-differs", "credit-unknown-company"}
    importing.apply(session, import_id=stage(other).id, mode=Mode.ALL, actor=stand.second, at=NOW)
    assert [one.document for one in queries.proposed(session, stand.first)] == ["联采〔2026〕14号"]
    new, book = [*other], [list(COLUMNS)]
    new[3], new[9] = "", "联采〔2026〕15号"
    city = replace(stand.first, region=CITY)
    staged = importing.stage(
        session, name="round-violations", query={}, book=read(books.book([*book, rows[0], new]), "x.xlsx"),
        actor=city, at=NOW,
    )  # fmt: skip
    assert [one.code for one in imports.findings(session, staged).issues] == ["listing-other-region"]


def test_all_mistakes_of_a_row_are_told_with_an_unknown_company(session: Session, stand: Court) -> None:
    days = ("2026-12-01", "2026-11-01")
    row = ["91320000MA1XXXXXXX", "某公司", "某批次", "000000", "串通投标", "", *days, "办公室", "1号"]
    book = read(books.book([list(COLUMNS), row]), "违规名单.xlsx")
    staged = importing.stage(session, name="round-violations", query={}, book=book, actor=stand.second, at=NOW)
    assert {one.code for one in imports.findings(session, staged).issues} == {
        "credit-unknown-company", "listing-no-region", "violation-span",
    }  # fmt: skip
