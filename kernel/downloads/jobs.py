"""Prepare large exports off the request; throw away what has expired."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel import clock
from kernel.downloads import services
from kernel.downloads.models import Download
from kernel.downloads.registry import found
from kernel.errands.registry import Work, errand
from kernel.jobs.registry import job
from kernel.sending import file_name, media_type, write
from kernel.sheets import Value

STRIDE = 2_000


@errand("downloads.write")
def prepare(work: Work) -> None:
    """Write the table to a file, telling how many rows are done."""
    number, at = work.facts["download"], clock.now()
    with work.database.transaction(write=False) as session:
        download = session.get(Download, number)
        if download is None or download.file_id is not None:
            return
        sheet = found(download.export, work.actor).sheet(session, download.query, work.actor, at)
        counted = _Counted(sheet.rows, work, sheet.total or 0)
        target = io.BytesIO()
        write(target, replace(sheet, rows=counted), download.form)
        name = file_name(download.title, download.form, at)
    work.tell("download-keep", counted.done, counted.done)
    with work.database.transaction() as session:
        services.keep(
            session, download_id=number, content=target.getvalue(), name=name, media_type=media_type(download.form),
            rows=counted.done, actor=work.actor, at=clock.now(),
        )  # fmt: skip


class _Counted:
    """Rows that tell how many of them went by."""

    def __init__(self, rows: Iterable[Sequence[Value]], work: Work, total: int) -> None:
        self.rows, self.work, self.total, self.done = rows, work, total, 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self.rows:
            self.done += 1
            if self.done % STRIDE == 0:
                self.work.tell("download-write", self.done, self.total)
            yield row


@job("downloads.expire", every=timedelta(minutes=30))
def expire(session: Session, at: datetime) -> None:
    """Throw away what has expired."""
    services.expire(session, at=at)
