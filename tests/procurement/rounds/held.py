"""A database in which thousands of short lives begin at the same point: transactions are savepoints, nothing lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from kernel.db import Database, commit


class Held(Database):
    """The whole platform in one outer transaction, which `again` rolls back to where it began."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine)
        self.connection = engine.connect()
        self.outer = self.connection.begin()

    def again(self) -> None:
        """Forget everything that was done since the beginning."""
        self.outer.rollback()
        self.outer = self.connection.begin()

    def end(self) -> None:
        """Let go of the connection."""
        self.outer.rollback()
        self.connection.close()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Session]:
        """Yield a session whose commit is a savepoint's."""
        mode = "create_savepoint"
        with Session(self.connection, join_transaction_mode=mode, expire_on_commit=False) as session:
            try:
                yield session
                if write:
                    commit(session)
                else:
                    session.expunge_all()
                    session.rollback()
            except BaseException:
                session.rollback()
                raise
