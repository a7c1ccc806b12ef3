"""`jicai admin`: the first accounts of an empty installation, and links for who is locked out."""

from __future__ import annotations

import click
from rich.console import Console

from kernel import clock
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.auth.services import administrators, passwords
from kernel.command import the_database
from kernel.config import Settings
from kernel.errors import DomainError, Invalid
from kernel.parties.credit import credit_code

ROLES = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "audit": Role.AUDIT_ADMIN}


@click.group()
def admin() -> None:
    """Make the administrators and their links."""


@admin.command()
@click.option("--organisation", prompt="Name of the operating organisation", help="Who operates the platform.")
@click.option("--code", prompt="Its unified social credit code", help="18 characters with a check character.")
@click.option("--system", default="system", show_default=True, help="Login of the system administrator.")
@click.option("--security", default="security", show_default=True, help="Login of the security administrator.")
@click.option("--audit", default="audit", show_default=True, help="Login of the audit administrator.")
@click.option("--ask-passwords", is_flag=True, help="Ask for three passwords instead of making links.")
@click.option("--database", help="Database URL; the installation's own by default.")
def create(
    organisation: str, code: str, system: str, security: str, audit: str, ask_passwords: bool, database: str | None
) -> None:
    """Set up an empty installation: the operator and three separate administrators (三员分立)."""
    settings, at = Settings.from_environment(), clock.now()
    logins = {ROLES["system"]: system, ROLES["security"]: security, ROLES["audit"]: audit}
    try:
        with the_database(database) as opened, opened.transaction() as session:
            made = administrators.create_first(
                session, organisation=organisation, code=credit_code(code), logins=logins, at=at
            )
            if ask_passwords:
                for user, _token in made.values():
                    _ask(user, settings)
    except DomainError as refusal:
        raise click.ClickException(_words(refusal)) from None
    console = Console(soft_wrap=True)  # a link broken into lines can't be copied
    for role, (user, token) in made.items():
        console.print(f"[bold]{user.login}[/bold] ({role.value})", highlight=False)
        if not ask_passwords:
            console.print(f"  {_link(settings, token)}", highlight=False)


@admin.command()
@click.argument("login")
@click.option("--database", help="Database URL; the installation's own by default.")
def reset(login: str, database: str | None) -> None:
    """Make a link with which the account's owner sets a new password."""
    settings = Settings.from_environment()
    try:
        with the_database(database) as opened, opened.transaction() as session:
            _user, token = administrators.reset_link(session, login=login, at=clock.now())
    except DomainError as refusal:
        raise click.ClickException(_words(refusal)) from None
    click.echo(_link(settings, token))


def _ask(user: User, settings: Settings) -> None:
    while True:
        password = click.prompt(f"Password of {user.login}", hide_input=True, confirmation_prompt=True)
        try:
            passwords.must_be_good(user, password, settings.password_profile)
        except Invalid as refusal:
            click.echo(_words(refusal), err=True)
            continue
        passwords.put(user, password, settings.password_profile, clock.now())
        user.must_change_password = True  # somebody else may have typed it
        return


def _link(settings: Settings, token: str) -> str:
    scheme = "https" if settings.https else "http"
    return f"{scheme}://{settings.host}:{settings.port}/set-password?token={token}"


def _words(refusal: DomainError) -> str:
    """Name a refusal on a terminal, where there is no reader's language."""
    if isinstance(refusal, Invalid):
        return "; ".join(f"{name}: {issue.code} {issue.facts or ''}".strip() for name, issue in refusal.fields.items())
    if refusal.code == "administrators-exist":
        return "There are administrators already; `jicai admin reset LOGIN` makes a new link."
    if refusal.code == "bad-credit-code":
        return f"“{refusal.facts['credit_code']}” is not a unified social credit code."
    return str(refusal)
