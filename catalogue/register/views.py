"""Pages of the register and of local lists, and what they add to the pages of drugs and products."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.codes.views import explained
from catalogue.drugs.models import Product
from catalogue.drugs.queries import products
from catalogue.drugs.rules.codes import spellings
from catalogue.register import exports, labels, queries
from catalogue.register.models import CodedDrug, LocalProduct
from catalogue.search.lists.queries import behind
from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.panels import Panel, panels
from kernel.sheets import Sheet
from kernel.web import page_number, render


def index(call: Call) -> str:
    """List the register."""
    asked = _asked(call)
    found = queries.page(call.session, asked, sort=call.args.get("sort", "code"), number=page_number())
    return render(
        "catalogue/drugs.html", list=found, names=labels.DRUG, asked=asked,
        behind=asked.narrowed and behind(call.session, CodedDrug, kind="coded_drug"),
        classes=[(name, f"{name} {count:,}") for name, count in queries.classes(call.session)],
        forms=[(name, f"{name} {count:,}") for name, count in queries.forms(call.session)],
    )  # fmt: skip


def show(call: Call, code: str) -> str:
    """Show a drug: its code, what the national list pays for it, who else makes it, where it is kept."""
    drug = queries.drug(call.session, code)
    added = panels(call.session, "catalogue.drug", drug, actor=call.actor, at=call.at)
    return render("catalogue/drug.html", drug=drug, names=labels.DRUG, panels=added)


def table(call: Call) -> Sheet:
    """Return what the filter shows, to be imported as it is."""
    asked = _asked(call)
    found = queries.drugs(
        text=asked.text, list_class=asked.list_class, form=asked.form, maker=asked.maker, class_code=asked.class_code,
        flags=asked.flags, sort=call.args.get("sort", "code"),
    )  # fmt: skip
    return exports.drugs(call.session, found)


def local_index(call: Call) -> str:
    """List the products of local lists."""
    asked = _local(call)
    return render(
        "catalogue/local_products.html", list=queries.local_page(call.session, number=page_number(), **asked),
        names=labels.LOCAL, lists=[(name, name) for name in queries.list_names(call.session)],
        behind=bool(asked["text"]) and behind(call.session, LocalProduct, kind="local_product"),
    )  # fmt: skip


def local_table(call: Call) -> Sheet:
    """Return what the filter shows, to be imported as it is."""
    return exports.local_products(call.session, queries.local_products(**_local(call)))


def _asked(call: Call) -> queries.Asked:
    asked = call.args
    return queries.Asked(
        asked.get("q", ""), asked.get("class", ""), asked.get("form", ""), asked.get("maker", ""),
        asked.get("code", "").upper(), tuple(asked.getlist("flag")[:5]),
    )  # fmt: skip


def _local(call: Call) -> dict[str, Any]:
    return {"text": call.args.get("q", ""), "list_name": call.args.get("list", "")}


def code_panel(session: Session, actor: Actor, drug: CodedDrug, _at: datetime) -> Panel:
    """Explain a drug's code on its page."""
    return Panel("catalogue/code_panel.html", explained(session, actor, drug.code))


def makers_panel(session: Session, _actor: Actor, drug: CodedDrug, _at: datetime) -> Panel:
    """Show who else makes a drug, and in what else this maker sells it."""
    return Panel(
        "catalogue/drug_makers.html", {
            "drug": drug, "names": labels.DRUG,
            "makers": [each for each in queries.makers(session, drug) if each.company != drug.company],
            "packs": queries.packs(session, drug),
        }
    )  # fmt: skip


def local_panel(session: Session, _actor: Actor, drug: CodedDrug, _at: datetime) -> Panel:
    """Show which local lists hold a drug."""
    return _kept(queries.local_of(session, [drug.code], drug.approval_number))


def products_panel(session: Session, _actor: Actor, drug: CodedDrug, _at: datetime) -> Panel | None:
    """Lead from a drug to the products of varieties under its approval number."""
    numbers = spellings(drug.approval_number)
    found = products.of_approval(session, numbers) if numbers else ()
    return Panel("catalogue/drug_products.html", {"products": found}) if found else None


def product_codes_panel(session: Session, actor: Actor, product: Product, _at: datetime) -> Panel:
    """Show a product's standard code explained, and the drug codes under its approval number."""
    facts: dict[str, Any] = explained(session, actor, product.standard_code) if product.standard_code else {}
    drugs = queries.of_approval(session, product.approval_number)
    return Panel("catalogue/product_codes.html", {**facts, "drugs": drugs, "names": labels.DRUG})


def product_local_panel(session: Session, _actor: Actor, product: Product, _at: datetime) -> Panel:
    """Show which local lists hold a product."""
    codes = [drug.code for drug in queries.of_approval(session, product.approval_number)]
    return _kept(queries.local_of(session, codes, product.approval_number))


def _kept(found: Any) -> Panel:
    return Panel("catalogue/kept_locally.html", {"local": found, "names": labels.LOCAL})
