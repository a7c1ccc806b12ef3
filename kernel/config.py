"""Typed settings: the one place that reads the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kernel.errors import DomainError

ROOT = Path(__file__).resolve().parent.parent


class PasswordProfile(StrEnum):
    """Two published sets of password rules; they conflict on rotation, so an installation picks one."""

    ASVS = "asvs"
    MLPS3 = "mlps3"


class BadSettings(DomainError):
    """The settings can't be started with; `variables` names each one."""

    code = "bad-settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation may choose. `from_environment` says which of it has a variable."""

    var: Path
    database_url: str
    secret_key: str
    production: bool = False
    demo: bool = False
    password_profile: PasswordProfile = PasswordProfile.ASVS
    host: str = "127.0.0.1"
    port: int = 8000
    https: bool = False
    session_hours: int = 12
    session_idle_minutes: int = 60
    upload_megabytes: int = 40

    @classmethod
    def from_environment(cls) -> Settings:
        """Read `JICAI_*`; a secret is generated at the first start and kept in the var folder."""
        env = os.environ
        var = Path(env.get("JICAI_VAR", str(ROOT / "var")))
        var.mkdir(parents=True, exist_ok=True)
        production = env.get("JICAI_PRODUCTION", "") == "1"
        port, profile = env.get("JICAI_PORT", "8000"), env.get("JICAI_PASSWORD_PROFILE", PasswordProfile.ASVS)
        if not port.isdecimal():
            raise BadSettings(variables="JICAI_PORT")
        if profile not in set(PasswordProfile):
            raise BadSettings(variables="JICAI_PASSWORD_PROFILE")
        settings = cls(
            var=var,
            database_url=env.get("JICAI_DATABASE_URL", f"sqlite:///{var / 'jicai.db'}"),
            secret_key=env.get("JICAI_SECRET_KEY") or _kept_secret(var / "secret"),
            production=production,
            demo=env.get("JICAI_DEMO", "") == "1",
            password_profile=PasswordProfile(profile),
            host=env.get("JICAI_HOST", "127.0.0.1"),
            port=int(port),
            https=env.get("JICAI_HTTPS", "1" if production else "0") == "1",
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse a production start with the demo, a weak secret or no TLS in front."""
        wrong = []
        if self.production and self.demo:
            wrong.append("JICAI_DEMO")
        if len(self.secret_key) < 32:
            wrong.append("JICAI_SECRET_KEY")
        if self.production and not self.https:
            wrong.append("JICAI_HTTPS")
        if wrong:
            raise BadSettings(variables=", ".join(wrong))


def _kept_secret(path: Path) -> str:
    if not path.exists():
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def child_environment(**changes: str) -> dict[str, str]:
    """Return the environment for a child process of ours, with changes."""
    return {**os.environ, **changes}


def demo_environment() -> Settings:
    """Make this process and its children a demo; refused in production."""
    os.environ["JICAI_DEMO"] = "1"
    return Settings.from_environment()
