from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HOME = ("procurement/bids/sealing/services.py", "procurement/bids/sealing/models.py")
PACKAGES = ("kernel", "catalogue", "pricing", "procurement", "importers")
SQL = re.compile(r"\b(from|join|into|update|table)\s+\"?sealed\b", re.IGNORECASE)


def sources() -> list[Path]:
    return [
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py")
        if "/migrations/versions/" not in str(path) and not str(path).endswith(HOME)
    ]  # fmt: skip


def test_only_the_sealing_module_names_the_sealed_table() -> None:
    strays = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            key = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else ""
            if "Sealed" in names or key == "sealed" or SQL.search(text):
                strays.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert strays == []


def test_the_sealed_models_are_imported_by_their_services_and_the_list_of_tables_alone() -> None:
    importers = {
        str(path.relative_to(ROOT)) for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module == "procurement.bids.sealing.models"
             or (node.module == "procurement.bids.sealing" and "models" in [alias.name for alias in node.names]))
    }  # fmt: skip
    assert importers == {"procurement/models.py"}
