"""The calculator, open to everybody: its question stands in the address."""

from __future__ import annotations

from catalogue.drugs.rules.forms import Form
from kernel.calls import Call
from kernel.errors import DomainError, Unreadable
from kernel.i18n import label
from kernel.problems import sentence
from kernel.web import render
from pricing.ratio.labels import shown_steps
from pricing.ratio.rules import Container
from pricing.ratio.schemas import read


def calculator(call: Call) -> str:
    """Convert a price and show every step."""
    given = call.args.to_dict()
    result, errors = None, {}
    if given.get("price") is not None:
        try:
            result = read(given).answer()
        except Unreadable as refusal:
            errors = {name: sentence(each) for name, each in refusal.fields}
        except DomainError as refusal:
            errors = {"price" if refusal.code == "price-vanishes" else "to_form": sentence(refusal)}
    return render(
        "pricing/calculator.html", values=given, errors=errors, result=result,
        steps=shown_steps(result.steps) if result else [], forms_=[(form.value, label(form)) for form in Form],
        containers=[(container.value, label(container)) for container in Container],
    )  # fmt: skip
