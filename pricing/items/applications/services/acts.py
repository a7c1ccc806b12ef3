"""What every verb of new items needs: the locked row at its settled state, who may act, the event and the notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import P, Role
from kernel.errors import Forbidden, Invalid, Issue, NotFound
from kernel.files import services as files
from kernel.notices.services import notify
from pricing.items.applications.flow import APPLICATION_FLOW, ApplicationAction, ApplicationState
from pricing.items.applications.models import ItemApplication
from pricing.items.applications.queries import applications
from pricing.items.applications.rules import LONGEST
from pricing.tags import Tag

MOST_FILES = 10
HOSPITAL, BUREAU = (Role.HOSPITAL_FINANCE,), (Role.PRICE_OFFICER,)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it was uploaded."""

    name: str
    content: bytes


def locked(session: Session, application_id: int, actor: Actor, at: datetime) -> ItemApplication:
    """Return an application the actor may read with its row locked and its state settled, or NotFound."""
    query = applications.visible(actor).where(ItemApplication.id == application_id)
    query = query.with_for_update(of=ItemApplication).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(application=application_id)
    settle(session, found, at)
    return found


def settle(session: Session, found: ItemApplication, at: datetime) -> bool:
    """Write down that a trial ended with its period, where nobody asked for more; say whether it did."""
    if applications.state_of(found, at) is found.state:
        return False
    moved(session, found, ApplicationAction.LAPSE, Tag.NEW_ITEM_LAPSED, SYSTEM, at)
    tell_hospital(session, found, "new-item-lapsed", at)
    return True


def own(actor: Actor) -> int:
    """Return the hospital for which the actor applies, or refuse who applies for none."""
    if actor.organisation_id is None or actor.user_id is None or not actor.may(P.NEW_ITEM_FILE):
        raise Forbidden
    return actor.organisation_id


def must_say(fields: Mapping[str, str], *, most: int = LONGEST) -> None:
    """Refuse texts that are missing or too long, each at its field."""
    wrong = {name: Issue("needed") for name, text in fields.items() if not text.strip()}
    long = {name for name, text in fields.items() if len(text.strip()) > most}
    if wrong or long:
        raise Invalid(wrong | {name: Issue("text-too-long", facts={"most": most}) for name in sorted(long)})


def moved(
    session: Session, found: ItemApplication, action: ApplicationAction, tag: Tag, actor: Actor, at: datetime,
    facts: Mapping[str, object] | None = None,
) -> ItemApplication:  # fmt: skip
    """Take an application to the state that follows and write it down."""
    before = found.state
    found.state = ApplicationState(APPLICATION_FLOW.after(before, action))
    if found.state is not before:
        found.moved_at, found.due_at = at, None
    record(session, tag, found, actor, at, {"item": found.name, "state": found.state, **(facts or {})})
    return found


def tell_hospital(session: Session, found: ItemApplication, code: str, at: datetime, **facts: object) -> None:
    """Tell the applicant's people."""
    told = {"item": found.name, "number": found.number or "", **facts}
    notify(session, code=code, facts=told, at=at, url=url(found), organisations=[found.hospital_id], roles=HOSPITAL)


def tell_bureaus(session: Session, found: ItemApplication, code: str, at: datetime, **facts: object) -> None:
    """Tell the price officers who review it where it stands now."""
    bureaus = applications.reviewing(session, found)
    if bureaus:
        told = {"item": found.name, "number": found.number or "", "hospital": found.hospital.shown_name, **facts}
        notify(session, code=code, facts=told, at=at, url=url(found), organisations=bureaus, roles=BUREAU)


def url(found: ItemApplication) -> str:
    """Return where an application is."""
    return f"/pricing/new-items/{found.id}"


def keep(
    session: Session, kind: str, parent_id: int, given: Sequence[Attachment], actor: Actor, at: datetime, known: int = 0
) -> list[str]:
    """Keep files with their record; return their digests."""
    if known + len(given) > MOST_FILES:
        raise Invalid({"files": Issue("too-many-files", facts={"most": MOST_FILES})})
    return [
        files.keep(
            session, parent_kind=kind, parent_id=parent_id, name=each.name, content=each.content, actor=actor, at=at,
            field="files",
        ).sha256
        for each in given
    ]  # fmt: skip
