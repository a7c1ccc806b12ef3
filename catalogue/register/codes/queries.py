"""What the register knows about codes and their parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.codes.queries import Found, lookup
from catalogue.codes.rules.kinds import CodeKind, PartName
from catalogue.codes.rules.reading import ParsedCode
from catalogue.codes.rules.structure import span, upto
from catalogue.register.models import CodedDrug

MOST = 20
SPLIT = (CodeKind.WESTERN, CodeKind.PATENT)


@lookup(CodeKind.WESTERN, CodeKind.PATENT, CodeKind.GRANULES, CodeKind.STANDARD, part=PartName.WHOLE)
def coded(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the drugs of the register under a code."""
    column = CodedDrug.standard_code if parsed.kind is CodeKind.STANDARD else CodedDrug.code
    found = session.scalars(select(CodedDrug).where(column == parsed.text).order_by(CodedDrug.code).limit(MOST))
    return [
        Found(" ".join(filter(None, (each.registered_name, specification(each)))), each.company, "coded_drug", each.id)
        for each in found
    ]


@lookup(*SPLIT, part=PartName.NAME)
def names(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name a few registered names whose codes begin alike up to the name."""
    alike = CodedDrug.code.between(*span(upto(parsed.text, PartName.NAME)))
    found = select(CodedDrug.registered_name).where(alike).distinct().order_by(CodedDrug.registered_name).limit(3)
    return [Found(name) for name in session.scalars(found)]


def specification(drug: CodedDrug) -> str:
    """Return what a drug is sold in."""
    return drug.actual_spec or drug.registered_spec or ""


def _form(drug: CodedDrug) -> str:
    return drug.registered_form or drug.actual_form or ""


def _pack(drug: CodedDrug) -> str:
    return " ".join(filter(None, (drug.packaging, f"×{drug.pack_quantity}" if drug.pack_quantity else "")))


def _company(drug: CodedDrug) -> str:
    return drug.company


def _whole(drug: CodedDrug) -> str:
    return " ".join(filter(None, (specification(drug), _pack(drug))))


def _says(part: PartName, told: Callable[[CodedDrug], str], *kinds: CodeKind) -> None:
    """Have a part explained by the drug that is kept under the very code."""

    def find(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
        drug = session.scalars(select(CodedDrug).where(CodedDrug.code == parsed.text)).one_or_none()
        text = told(drug) if drug is not None else ""
        return [Found(text)] if text else []

    lookup(*kinds, part=part)(find)


_says(PartName.FORM, _form, CodeKind.WESTERN)
_says(PartName.SPECIFICATION, specification, CodeKind.WESTERN)
_says(PartName.PACK, _pack, CodeKind.WESTERN)
_says(PartName.PRESENTATION, _whole, CodeKind.PATENT)
_says(PartName.COMPANY, _company, *SPLIT)
