"""Pages of the register and of local lists."""

from __future__ import annotations

from werkzeug.wrappers import Response

from catalogue.register import exports, labels, queries
from kernel.i18n import _
from kernel.routes import Call
from kernel.sending import workbook
from kernel.web import paginate, render


def index(call: Call) -> str:
    """List the register."""
    return render(
        "catalogue/drugs.html", list=paginate(call.session, queries.drugs(**_drugs(call))), names=labels.DRUG,
        classes=[(name, name) for name, _count in queries.classes(call.session)],
    )  # fmt: skip


def show(call: Call, code: str) -> str:
    """Show a drug with the other makers of its name and the local lists that have it."""
    drug = queries.drug(call.session, code)
    return render(
        "catalogue/drug.html", drug=drug, names=labels.DRUG, others=queries.same_name(call.session, drug),
        local=queries.local_of(call.session, drug),
    )  # fmt: skip


def export(call: Call) -> Response:
    """Give out what the filter shows as a workbook that imports as it is."""
    return workbook(exports.drugs(call.session, queries.drugs(**_drugs(call))), _("Drug codes"), call.at)


def local_index(call: Call) -> str:
    """List the products of local lists."""
    found = paginate(call.session, queries.local_products(**_local(call)))
    return render(
        "catalogue/local_products.html", list=found, names=labels.LOCAL,
        lists=[(name, name) for name in queries.list_names(call.session)],
    )  # fmt: skip


def local_export(call: Call) -> Response:
    """Give out what the filter shows as a workbook that imports as it is."""
    return workbook(
        exports.local_products(call.session, queries.local_products(**_local(call))), _("Product lists"), call.at
    )


def _drugs(call: Call) -> dict[str, str]:
    asked = call.args
    return {
        "text": asked.get("q", ""), "list_class": asked.get("class", ""), "form": asked.get("form", ""),
        "sort": asked.get("sort", "code"),
    }  # fmt: skip


def _local(call: Call) -> dict[str, str]:
    return {"text": call.args.get("q", ""), "list_name": call.args.get("list", "")}
