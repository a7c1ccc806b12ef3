"""Which module may use which."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT, dotted, modules, shown, tree

PURE = [
    dotted(path)
    for path in modules()
    if {"rules", "flow"} & set(dotted(path).split("."))
    or dotted(path)
    in (
        "kernel.money",
        "kernel.periods",
        "kernel.workdays",
        "kernel.flow",
        "kernel.policy",
        "kernel.working",
        "kernel.errors",
    )
]
HOMES = {
    "openpyxl": ("kernel.sheets", "importers.workbook", "importers.reading_parse"),
    "python_calamine": ("kernel.sheets", "importers.workbook", "importers.reading_parse"),
    "apscheduler": ("kernel.jobs.runner",),
}


def test_directions_hold() -> None:
    done = subprocess.run([f"{sys.prefix}/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_pure_modules_load_neither_flask_nor_sqlalchemy() -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {PURE!r}: importlib.import_module(name)\n"
        "print([m for m in ('flask', 'sqlalchemy', 'marshmallow') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip() == "[]"


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_used_in_its_home_only(library: str) -> None:
    strays = [
        shown(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if library in imported(node) and not dotted(path).startswith(HOMES[library])
    ]
    assert strays == []


def imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name.split(".")[0] for name in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.split(".")[0]}
    return set()


CALLS = {
    "commit": ("kernel.db",),
    "now": ("kernel.clock",),
    "utcnow": (),
    "today": ("kernel.clock",),
    "float": (),
}


def test_commit_clock_and_float_stay_in_their_homes() -> None:
    strays = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and (name := stray(node)) and dotted(path) not in CALLS[name]:
                strays.append(f"{shown(path)}:{node.lineno} {name}")
    assert strays == []


def stray(call: ast.Call) -> str:
    """Name the guarded act a call performs: session.commit(), datetime.now(), date.today(), float()."""
    function = call.func
    if isinstance(function, ast.Name):
        return "float" if function.id == "float" else ""
    if not isinstance(function, ast.Attribute):
        return ""
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if function.attr == "commit":
        return "commit"
    return function.attr if owner in ("datetime", "date") and function.attr in ("now", "utcnow", "today") else ""


def test_only_config_reads_the_environment() -> None:
    strays = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and dotted(path) != "kernel.config"
    ]
    assert strays == []


def test_views_hold_no_queries() -> None:
    strays = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        if {"views", "api"} & set(dotted(path).split("."))
        for node in ast.walk(tree(path))
        if "sqlalchemy" in imported(node) and not names_the_session_only(node)
    ]
    assert strays == []


def names_the_session_only(node: ast.AST) -> bool:
    """Queues of the first page are given a session to hand on: naming its type is no query."""
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == "sqlalchemy.orm"
        and [n.name for n in node.names] == ["Session"]
    )
