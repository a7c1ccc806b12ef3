"""File names, file lengths, function lengths, docstrings: what keeps the house readable."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from tests.architecture.source import ROOT, dotted, modules, shown, tracked, tree

TOP = {
    "kernel", "catalogue", "pricing", "procurement", "importers", "static", "tests", "docs", "requirements", ".ci",
    "wsgi.py", "pyproject.toml", "README.md", "README.zh-CN.md", "Makefile", "bootstrap.py", ".gitignore", ".npmrc",
    "package.json", "package-lock.json", "LICENSE",
}  # fmt: skip
NAMES = {
    "models", "flow", "rules", "services", "queries", "schemas", "views", "api", "labels", "exports", "jobs", "cli",
    "blueprint",
}  # fmt: skip
LONG = (".py", ".js", ".css", ".html")
LISTS = {"kernel/audit/tags.py"}
"""Not texts to read but lists of names, one a line, that can't be cut: an enum is one class."""


def test_the_top_level_holds_nothing_else() -> None:
    assert {name.split("/")[0] for name in tracked()} - TOP == set()


def test_files_stay_under_300_lines() -> None:
    long = {
        name: count
        for name in tracked()
        if name.endswith(LONG)
        and "/versions/" not in name
        and name not in LISTS
        and (count := len((ROOT / name).read_text("utf-8").splitlines())) >= 300
    }
    assert long == {}


def test_functions_stay_under_30_statement_lines() -> None:
    long = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                length = (node.end_lineno or 0) - first.lineno + 1
                if length > 30:
                    long.append(f"{shown(path)}:{node.lineno} {node.name} {length}")
    assert long == []


def test_views_stay_short() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in modules()
        if {"views", "api"} & set(dotted(path).split("."))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 22
    ]
    assert long == []


def test_areas_use_only_the_agreed_file_names() -> None:
    strays = []
    for path in modules():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] in ("kernel", "importers") or parts[-1] == "__init__" or len(parts) < 3:
            continue
        if not set(parts[1:]) & NAMES:
            strays.append(shown(path))
    assert strays == []


def test_package_inits_hold_a_docstring_and_nothing_else() -> None:
    bad = [
        shown(p)
        for p in modules()
        if p.name == "__init__.py" and (len(tree(p).body) != 1 or not ast.get_docstring(tree(p)))
    ]
    assert bad == []


def test_public_functions_have_docstrings() -> None:
    bare = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert bare == []


def test_every_ignore_names_its_rule_and_reason() -> None:
    bare = []
    for path in modules():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(r"#\s*(noqa|type:\s*ignore)", line) and not re.search(
                r"#\s*(noqa:\s*[A-Z0-9, ]+ - \S|type:\s*ignore\[[a-z-]+(, ?[a-z-]+)*\]\s+#\s*\S)", line
            ):
                bare.append(f"{shown(path)}:{number}")
    assert bare == []


def test_every_rule_parameter_has_a_source_and_a_standing() -> None:
    from kernel import policy

    files = [ROOT / name for name in tracked() if name.endswith(".toml") and ("policy" in name or "/rulesets/" in name)]
    assert files
    for path in files:
        tables = policy.parse(path.read_text("utf-8"), where=path.name)
        rules = tables.get("rule", [])
        assert len(policy.parameters(tables.get("parameter", {}), where=path.name)) + len(rules) > 0, path
        assert all(one["source"] and one["standing"] in policy.STANDINGS for one in rules), path


def test_no_machine_path_or_registry_address_is_tracked() -> None:
    here = re.escape(f"{ROOT}/")
    shape = re.compile(rf"({here}|--(extra-)?index-url|\"resolved\": *\"http|files\.pythonhosted|registry\.npmjs)")
    me = shown(Path(__file__))
    found = [
        name
        for name in tracked()
        if name != me
        and not name.endswith((".png", ".xlsx"))
        and shape.search((ROOT / name).read_text("utf-8", "replace"))
    ]
    assert found == []


def test_pyproject_is_well_formed() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["name"] == "jicai"
