"""Files that were prepared for somebody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.downloads.flow import FileForm


class Download(Base):
    """One large export of one person, kept until it expires. Its content is a stored file."""

    __tablename__ = "download"

    id: Mapped[int] = mapped_column(primary_key=True)
    export: Mapped[str]
    query: Mapped[dict[str, Any]] = mapped_column(Json())
    """The filter, as the page's address had it."""
    form: Mapped[FileForm] = mapped_column(Code(FileForm))
    title: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    rows: Mapped[int | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    ready_at: Mapped[datetime | None] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment(), index=True)
