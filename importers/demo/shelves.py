"""The registers of the demo: drug codes of its products, what two hospitals keep, consumables with identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from stdnum import ean

from catalogue.consumables import services as consumables
from catalogue.consumables.rules.nmpa import Device
from catalogue.drugs.models import Product
from catalogue.drugs.queries import products
from catalogue.drugs.rules.forms import FormKind, chinese_name, kind_of
from catalogue.register import services as register
from catalogue.search.sources.services import catch_up
from importers.demo.parties import credit_code, read
from importers.demo.stage import Stage
from kernel.clock import today

Row = dict[str, Any]
FIRST_COMPANY = 98_001
PLACES = {
    FormKind.ORAL_SOLID: ("铝塑泡罩", "盒"),
    FormKind.INJECTION: ("西林瓶", "支"),
    FormKind.OTHER: ("塑料瓶", "瓶"),
}
UNITS = {FormKind.ORAL_SOLID: "片", FormKind.INJECTION: "支", FormKind.OTHER: "瓶"}
NAMED = {
    "普通片": ("", "片", "片剂"),
    "肠溶片": ("", "肠溶片", "片剂"),
    "分散片": ("", "分散片", "片剂"),
    "咀嚼片": ("", "咀嚼片", "片剂"),
    "缓释片": ("", "缓释片", "片剂"),
    "硬胶囊": ("", "胶囊", "胶囊剂"),
    "肠溶胶囊": ("", "肠溶胶囊", "胶囊剂"),
    "缓释胶囊": ("", "缓释胶囊", "胶囊剂"),
    "口服溶液剂": ("", "口服溶液", "口服溶液剂"),
    "冻干粉针": ("注射用", "", "注射剂"),
    "普通粉针": ("注射用", "", "注射剂"),
    "小容量注射液": ("", "注射液", "注射剂"),
}
"""How a drug of a form is registered: before the generic name, after it, and the form."""
GRADES = {"A": "甲", "B": "乙"}
DRUG = (
    "code", "registered_name", "trade_name", "registered_form", "actual_form", "registered_spec", "actual_spec",
    "packaging", "pack_quantity", "preparation_unit", "packing_unit", "company", "company_code", "approval_number",
    "list_class", "list_name", "list_form",
)  # fmt: skip
LOCAL = (
    "list_name", "local_code", "name", "trade_name", "specification", "form", "maker", "approval_number",
    "packing_unit", "pack_quantity", "drug_code",
)  # fmt: skip


def build(stage: Stage) -> None:
    """Write the registers through the services that imports call, and make them findable."""
    at, found = stage.day(-415), read("shelves.toml")
    numbers = {company.id: FIRST_COMPANY + place for place, company in enumerate(stage.cast.companies)}
    with stage.at(at) as session:
        sold = list(session.scalars(products.listing(sort="approval")).unique())
        listed = {row[3].lstrip("★"): GRADES[row[2]] for row in read("editions.toml")["new"] if row[0] == "western"}
        drugs = [*_of_products(sold, found["classes"], numbers, listed), *_more(stage, found["more"]["rows"])]
        by, facts = stage.actor("agency"), {"source": "demo"}
        more: dict[str, Any] = {"import_id": None, "actor": by, "at": at, "facts": facts}
        register.put_drugs(session, columns=_columns(drugs, DRUG), **more)
        for place, hospital in enumerate(stage.cast.hospitals[:2]):
            kept = list(_kept(hospital.shown_name, drugs, place))
            register.put_local_products(session, columns=_columns(kept, LOCAL), **more)
        _consumables(stage, session, found, at, more)
        catch_up(session)


def _columns(rows: Sequence[Row], names: Sequence[str]) -> dict[str, list[Any]]:
    return {**{name: [row.get(name) or None for row in rows] for name in names}, "row": [*range(2, len(rows) + 2)]}


def _of_products(
    sold: Sequence[Product], classes: Mapping[str, str], numbers: Mapping[int, int], listed: Mapping[str, str]
) -> Iterator[Row]:
    """Give each product a code of the national structure; names and forms count on from 1."""
    names: dict[str, int] = {}
    forms: dict[str, int] = {}
    packs: dict[str, int] = {}
    for each in sold:
        specification = each.specification
        generic, form = specification.variety.generic_name.name, chinese_name(specification.form)
        name, shape = names.setdefault(generic, len(names) + 1), forms.setdefault(form, len(forms) + 1)
        begins = f"X{classes[generic]}A{name:03}A{shape:03}"
        last = packs[f"{begins}{each.company_id}"] = packs.get(f"{begins}{each.company_id}", 0) + 1
        kind = kind_of(specification.form)
        before, after, registered = NAMED[form]
        name_listed = max((each for each in listed if each in generic), key=len, default="")
        yield {
            "code": f"{begins}{last:02}01{numbers[each.company_id]:05}", "registered_name": f"{before}{generic}{after}",
            "trade_name": each.trade_name, "registered_form": registered, "actual_form": form,
            "registered_spec": specification.text, "actual_spec": f"{specification.text}×{each.pack}",
            "packaging": PLACES[kind][0], "pack_quantity": each.pack, "preparation_unit": UNITS[kind],
            "packing_unit": PLACES[kind][1], "company": each.company.name, "company_code": each.company.code,
            "approval_number": each.approval_number, "list_class": listed.get(name_listed), "list_name": name_listed,
        }  # fmt: skip


def _more(stage: Stage, rows: Sequence[Sequence[Any]]) -> Iterator[Row]:
    for place, (begins, *facts, makers) in enumerate(rows):
        for step, company in enumerate(stage.cast.companies[place : place + makers]):
            row = dict(zip(
                ("registered_name", "trade_name", "registered_form", "registered_spec", "packaging", "pack_quantity",
                 "preparation_unit", "packing_unit", "approval_number", "list_class", "list_name", "list_form"),
                facts, strict=True,
            ))  # fmt: skip
            number = FIRST_COMPANY + place + step
            rest = 20 - len(begins) if begins[0] != "X" else 23 - len(begins)
            yield row | {
                "code": f"{begins}{number:0{rest}}", "actual_form": row["registered_form"],
                "actual_spec": f"{row['registered_spec']}×{row['pack_quantity']}", "company": company.name,
                "company_code": company.code, "approval_number": row["approval_number"].format(place * 10 + step + 1),
            }  # fmt: skip


def _kept(hospital: str, drugs: Sequence[Row], begins: int) -> Iterator[Row]:
    """A hospital keeps a third of the drugs under codes of its own, every other one with the national code."""
    for place, drug in list(enumerate(drugs))[begins::3]:
        yield {
            "list_name": f"{hospital}药品目录", "local_code": f"{place + 1:06}", "name": drug["registered_name"],
            "trade_name": drug["trade_name"], "form": drug["registered_form"], "maker": drug["company"],
            "specification": f"{drug['registered_spec']}*{drug['pack_quantity']}{drug['preparation_unit']}",
            "approval_number": drug["approval_number"], "packing_unit": drug["packing_unit"],
            "pack_quantity": drug["pack_quantity"], "drug_code": drug["code"] if place % 2 else None,
        }  # fmt: skip


def _consumables(
    stage: Stage, session: Session, found: Mapping[str, Any], at: datetime, more: Mapping[str, Any]
) -> None:
    categories = [dict(zip(("code", "name", "charge"), row, strict=True)) for row in found["categories"]["rows"]]
    named = {row["code"]: row["name"] for row in categories}
    consumables.put_categories(session, columns=_columns(categories, ("code", "name", "charge")), **more)
    made, devices = _models(stage, found, named, found["categories"]["classes"])
    columns = _columns(made, tuple(made[0]))
    consumables.put_consumables(session, columns=columns, **more)
    facts = {"file": "示例唯一标识.xml", "digest": "0" * 64}
    consumables.put_devices(session, devices=devices, actor=stage.actor("agency"), at=at, facts=facts)


def _models(
    stage: Stage, found: Mapping[str, Any], named: Mapping[str, str], classes: Mapping[str, str]
) -> tuple[list[Row], list[Device]]:
    made: list[Row] = []
    devices: list[Device] = []
    makers = found["consumables"]["makers"]
    for place, (category, material, features, name, certificate, days, unit) in enumerate(found["consumables"]["rows"]):
        for step, feature in enumerate(features):
            maker = (place + step) % len(makers)
            dis = [_identifier(level, len(made)) for level in (0, 1)]
            made.append({
                "code": f"{category}{step + 1:05}{FIRST_COMPANY + maker}", "class_1": classes[category[:3]],
                "class_2": classes[category[:5]], "class_3": classes[category[:7]], "generic_name": named[category],
                "material": material, "feature": feature, "product_name": name, "company": makers[maker],
                "company_code": credit_code(700 + maker), "certificate": certificate.format(place * 10 + maker + 1),
                "certificate_holder": makers[maker], "certificate_until": today(stage.now) + timedelta(days=days),
                "models": 3 + step, "udi": dis[0] if step % 2 == 0 else None, "unit": unit,
            })  # fmt: skip
            devices.append(_device(made[-1], dis, step))
    return made, devices


def _device(row: Row, dis: Sequence[str], step: int) -> Device:
    """Publish a model: every third names the consumable's code, the others are known by their certificate."""
    return Device(
        di=dis[0], name=row["product_name"], model=f"M-{step + 1:02}", certificate=row["certificate"],
        certificate_until=row["certificate_until"], holder=row["company"], holder_code=row["company_code"],
        category="示例", version="1", codes=row["code"] if step % 3 == 0 else "",
        packings=({"di": dis[1], "level": "盒", "count": "10", "holds": dis[0]},),
    )  # fmt: skip


def _identifier(level: int, number: int) -> str:
    """Return a device identifier whose check digit is right; `level` tells packages apart."""
    stem = f"{level}952980{number + 1:06}"
    return stem + str(ean.calc_check_digit(stem))
