"""Large uploads checked and written off the request; staged imports that nobody confirmed dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from importers import queries, services, workbook
from importers.examining import examine
from importers.flow import ImportState, Mode
from kernel import clock
from kernel.errands.registry import Work, errand
from kernel.errors import FileRefused
from kernel.jobs.registry import job
from kernel.notices.services import notify

STEPS = 4


@job("imports.expire", every=timedelta(minutes=30))
def expire(session: Session, at: datetime) -> None:
    """Drop staged imports that nobody confirmed."""
    services.expire(session, at=at)


@errand("imports.check")
def check(work: Work) -> None:
    """Read a received upload and keep what it would do, or why it can't be taken."""
    number, at = work.facts["import"], clock.now()
    work.tell("import-read", 1, STEPS)
    with work.database.transaction(write=False) as session:
        import_ = queries.one(session, number, work.actor)
        if import_.state is not ImportState.RECEIVED:
            return
        data = queries.received(session, import_)
    try:
        book = workbook.read(data, import_.file_name)
        work.tell("import-check", 2, STEPS)
        with work.database.transaction(write=False) as session:
            examined = examine(session, name=import_.kind, query=import_.query, book=book, actor=work.actor, at=at)
    except FileRefused as refused:
        with work.database.transaction() as session:
            services.refuse(session, import_id=number, issues=refused.issues, actor=work.actor, at=clock.now())
            _tell(session, work, "import-refused", import_.file_name)
        return
    work.tell("import-keep", 3, STEPS)
    with work.database.transaction() as session:
        services.keep(session, import_id=number, examined=examined, actor=work.actor, at=clock.now())
        _tell(session, work, "import-checked", import_.file_name)


@errand(services.APPLYING)
def apply(work: Work) -> None:
    """Write a checked import; what was written before a crash is not written again."""
    work.tell("import-write", 1, 2)
    with work.database.transaction() as session:
        import_ = queries.one(session, work.facts["import"], work.actor)
        if import_.state is ImportState.APPLIED:
            return
        mode = Mode(work.facts["mode"])
        written = services.apply(session, import_id=import_.id, mode=mode, actor=work.actor, at=clock.now())
        done = written.state is ImportState.APPLIED
        _tell(session, work, "import-written" if done else "import-checked-again", written.file_name)


def _tell(session: Session, work: Work, code: str, file_name: str) -> None:
    """Put a notice in the box of whoever may have left the page."""
    if work.actor.user_id is not None:
        url = f"/importers/runs/{work.facts['import']}"
        notify(session, code=code, facts={"file": file_name}, at=clock.now(), url=url, users=[work.actor.user_id])
