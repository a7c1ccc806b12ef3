"""The `jicai` command line. Commands are loaded when they are called, so that pure ones start without a database."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

from kernel.errors import DomainError


class LazyGroup(click.Group):
    """A group whose commands are named as "module:attribute" and imported on use."""

    def __init__(self, commands: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # click's own keyword arguments, passed through
        self.lazy = dict(commands)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands without importing them."""
        return sorted({*self.lazy, *self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that is asked for."""
        if cmd_name in self.lazy:
            module, _, attribute = self.lazy[cmd_name].partition(":")
            found: click.Command = getattr(importlib.import_module(module), attribute)
            return found
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal that it does not put into words itself is told by its code and facts."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            raise click.ClickException(str(refusal)) from None
