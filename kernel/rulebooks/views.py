"""Pages of rule sets, the same for every table of them: the list, one with its versions, and what is done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import Permission
from kernel.calls import Call
from kernel.forms import FormReader, mistakes
from kernel.i18n import _
from kernel.policy import UNSET, Parameter
from kernel.routes import Pages
from kernel.rulebooks import queries
from kernel.rulebooks.flow import SetState
from kernel.rulebooks.services import Book
from kernel.web import flash_done, redirect_to, render


@dataclass(frozen=True)
class Shelf:
    """The pages of a book: what they are called, what its parameters are called, who reads and who writes.

    `name` begins the endpoints ("pricing.trigger_rules"), `url` the addresses; `names` gives parameters their names in
    the order of the page, `sources` says in words where they come from, `crumb` is where people come from as (label,
    endpoint), `empty` what built-in sets there are.
    """

    book: Book[Any]
    name: str
    url: str
    title: Any
    empty: Any
    crumb: tuple[Any, str]
    permissions: tuple[Permission, Permission]
    names: Mapping[str, Any]
    sources: Mapping[str, Any] = field(default_factory=dict)

    def mount(self, pages: Pages) -> None:
        """Add the rows to a package's table."""
        (read, write), one, post = self.permissions, f"{self.url}/<code>", ("POST",)
        name = self.name.partition(".")[2]
        pages.add(name, self.url, self.index, read)
        pages.add(f"{name}_take", self.url, self.take, write, methods=post)
        pages.add(f"{name}_set", one, self.show, read)
        pages.add(f"{name}_copy", f"{one}/copy", self.copy, write, methods=post, again=self.show)
        pages.add(f"{name}_change", f"{one}/change", self.change, write, methods=post, again=self.show)
        pages.add(f"{name}_approve", f"{one}/approve", self.approve, write, methods=post, again=self.show)

    def index(self, call: Call) -> str:
        """List rule sets."""
        found = queries.latest(call.session, self.book.model)
        return render("kernel/rulebook_list.html", shelf=self, list=found, built_in=self.book.built_in(),
                      takes=call.actor.may(self.permissions[1]))  # fmt: skip

    def take(self, call: Call) -> Response:
        """Write the built-in rule sets down as they stand in this release."""
        self.book.take_over(call.session, actor=call.actor, at=call.at)
        flash_done(_("The built-in rule sets are up to date."))
        return redirect_to(self.name)

    def show(self, call: Call, code: str) -> str:
        """Show the parameters of a rule set, who changed what and why."""
        versions = queries.versions(call.session, self.book.model, code)
        last, writes = versions[0], call.actor.may(self.permissions[1])
        held = self._held(last.values)
        own = writes and code not in self.book.built_in()
        return render(
            "kernel/rulebook.html", shelf=self, last=last, versions=versions, parameters=held, unset=UNSET,
            changes=own, errors=mistakes(call.error), values=call.form, copies=writes, name_of=self.name_of,
            options=[(name, f"{self.name_of(name, last.values)} ({name})") for name, _one in held],
            approves=own and last.state is SetState.WRITTEN
            and call.actor.user_id not in queries.makers(call.session, self.book.model, code),
        )  # fmt: skip

    def _held(self, values: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Parameter]]:
        order = list(self.names)
        held = [(name, Parameter(name, one["value"], one["source"], one["standing"])) for name, one in values.items()]
        return sorted(held, key=lambda one: (order.index(one[0]) if one[0] in order else len(order), one[0]))

    def name_of(self, parameter: str, values: Mapping[str, Any]) -> Any:
        """Return what a parameter is called: by its own title where the version carries one."""
        return values.get(parameter, {}).get("title") or self.names.get(parameter, parameter)

    def copy(self, call: Call, code: str) -> Response:
        """Begin a rule set of one's own."""
        base = queries.versions(call.session, self.book.model, code)[0]
        made = self.book.copy(
            call.session, rules_id=base.id, code=call.form.get("code", "").strip()[:40],
            title=call.form.get("title", "")[:80], actor=call.actor, at=call.at,
        )  # fmt: skip
        flash_done(_("The rule set is begun; change it, then a second person approves it."))
        return redirect_to(f"{self.name}_set", code=made.code)

    def change(self, call: Call, code: str) -> Response:
        """Change a parameter."""
        reader = FormReader(call.form)
        parameter, text = reader.text("parameter", _("Parameter")), reader.text("text", _("Value"))
        reader.done()
        self.book.change(
            call.session, code=code, parameter=parameter, text=text, source=call.form.get("source", "")[:200],
            reason=call.form.get("reason", "")[:400], actor=call.actor, at=call.at,
        )  # fmt: skip
        flash_done(_("The next version is written and waits for a second person."))
        return redirect_to(f"{self.name}_set", code=code)

    def approve(self, call: Call, code: str) -> Response:
        """Approve the latest version."""
        self.book.approve(call.session, code=code, actor=call.actor, at=call.at)
        flash_done(_("The version is approved and may be used."))
        return redirect_to(f"{self.name}_set", code=code)
