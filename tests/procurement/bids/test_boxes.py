"""The boxes of a company: counted together, however many there are."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from kernel import clock
from procurement.bids import services
from procurement.bids.boxes import queries
from procurement.bids.flow import BoxState
from procurement.bids.models import Box
from tests.procurement.bids.conftest import DEADLINE, OPENS, World

SOON = DEADLINE - timedelta(days=1)


def more_boxes(session: Session, world: World, count: int) -> None:
    """Boxes for the same lots, each with a later deadline than the one before."""
    for number in range(count):
        session.add(
            Box(
                call_id=world.call_id, code=f"M{number}", title=f"第{number}批", state=BoxState.RECEIVING,
                receives_from=OPENS, deadline=DEADLINE + timedelta(days=number + 1),
            )
        )  # fmt: skip
    session.flush()


def test_more_boxes_ask_no_more_of_the_database(session: Session, world: World) -> None:
    more_boxes(session, world, 5)
    asked: list[str] = []
    connection = session.connection()

    def listen(*statement: object) -> None:
        asked.append(str(statement[2]))

    event.listen(connection, "before_cursor_execute", listen)
    found = queries.company_boxes(session, world.actors["a"])
    event.remove(connection, "before_cursor_execute", listen)
    assert len(found) == 6 and len(asked) == 3, "\n".join(asked)


def test_each_box_counts_its_own_bids(session: Session, world: World) -> None:
    more_boxes(session, world, 1)
    with clock.travel(to=SOON):
        services.submit(session, box_id=world.box_id, lines=world.lines("1.2", "0.7"), actor=world.actors["a"])
    found = {each.box.id: each for each in queries.company_boxes(session, world.actors["a"])}
    other = next(box_id for box_id in found if box_id != world.box_id)
    assert (found[world.box_id].live, found[other].live) == (1, 0)
    assert found[world.box_id].lots == found[other].lots > 0


def test_what_is_due_begins_with_the_nearest_deadline_and_leaves_out_what_is_over(
    session: Session, world: World
) -> None:
    more_boxes(session, world, 2)
    after = DEADLINE + timedelta(hours=1)
    assert [each.box.title for each in queries.due(session, world.actors["a"], after)] == ["第0批", "第1批"]
    assert queries.due(session, world.actors["a"], SOON)[0].box.id == world.box_id
