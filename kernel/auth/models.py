"""Users, their roles, sessions and sign-in attempts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.auth.permissions import Role
from kernel.columns import Code, Json, Moment
from kernel.db import Base
from kernel.parties.models import Organisation


class User(Base):
    """A person. Deactivated people stay, because the record names them."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    password_hash: Mapped[str] = mapped_column(default="")
    password_set_at: Mapped[datetime | None] = mapped_column(Moment())
    old_password_hashes: Mapped[list[str]] = mapped_column(Json(), default=list)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)  # its password is printed at every start: refused in production
    locale: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment())

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    roles: Mapped[list[UserRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def role_set(self) -> frozenset[Role]:
        """Return the user's roles."""
        return frozenset(row.role for row in self.roles)


class UserRole(Base):
    """One role of one user."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Code(Role), primary_key=True)


class UserSession(Base):
    """A signed-in browser. The cookie holds a token, the row its digest: a copied database signs nobody in."""

    __tablename__ = "user_session"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    seen_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    address: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship(lazy="joined")


class AccessKey(Base):
    """What a program signs its JSON calls with, for the person who made it. The row holds the token's digest only.

    `writes`: not only reading calls. `seen_at`: when it was last used, to the minute.
    """

    __tablename__ = "access_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    writes: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    seen_at: Mapped[datetime | None] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())

    user: Mapped[User] = relationship(lazy="joined")


class Invitation(Base):
    """A single-use link by which an invited user, or one who forgot, sets a password."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime | None] = mapped_column(Moment())

    user: Mapped[User] = relationship()


class SignInFailure(Base):
    """A failed sign-in. Kept by login and by address alike whether the login exists or not, so nothing tells.

    Of the login only a digest is kept: people type their password into the wrong field.
    """

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_login_digest_at", "login_digest", "at"),
        Index("ix_sign_in_failure_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login_digest: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment())
