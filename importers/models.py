"""Staged imports and what they hold until they are confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from importers.flow import ImportState, Mode
from kernel.columns import Code, Json, Moment
from kernel.db import Base


class Import(Base):
    """One upload. Rows and findings stand behind the two references, in the kind's vault."""

    __tablename__ = "workbook_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    query: Mapped[dict[str, str]] = mapped_column(Json())
    context: Mapped[dict[str, Any]] = mapped_column(Json())
    file_name: Mapped[str]
    sheet: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the upload; of a confidential one salted, the salt lying with the rows."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    user_name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[ImportState] = mapped_column(Code(ImportState), index=True)
    mode: Mapped[Mode | None] = mapped_column(Code(Mode))
    created: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    faulty: Mapped[int]
    """Rows with an issue."""
    rows_ref: Mapped[str]
    """What was read; of an upload that is still to be checked the file itself."""
    findings_ref: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    applied_at: Mapped[datetime | None] = mapped_column(Moment())
    receipt: Mapped[str] = mapped_column(default="")

    @property
    def to_write(self) -> int:
        """How many rows the confirmation writes."""
        return self.created + self.changed


class ImportPayload(Base):
    """What was read, of kinds that are not confidential; gone once the import is over."""

    __tablename__ = "import_payload"

    ref: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
