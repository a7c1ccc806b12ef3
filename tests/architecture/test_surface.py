"""Every page, permission, template, text and code is accounted for."""

from __future__ import annotations

import ast
import re
from enum import StrEnum
from importlib import import_module

import pytest
from babel.messages.extract import extract_from_file
from flask import Flask
from jinja2 import nodes

import wsgi
from kernel import problems
from kernel.auth.permissions import GRANTS, PUBLIC_GRANTS, Permission
from kernel.config import Settings
from kernel.db import Database, make_engine
from kernel.i18n import has_label, merged, placeholders
from kernel.jobs.registry import registered
from tests.architecture.source import ROOT, dotted, modules, shown, tracked, tree


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on an empty database: its tables of URLs and templates are all that is looked at."""
    folder = tmp_path_factory.mktemp("surface")
    settings = Settings(var=folder, database_url="", secret_key="s" * 64)
    return wsgi.create_app(settings, Database(make_engine(f"sqlite:///{folder / 'x.db'}")))


def test_every_url_has_a_permission(bare_app: Flask) -> None:
    needs = bare_app.extensions["jicai-permissions"]
    missing = [
        (rule.rule, method)
        for rule in bare_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if (rule.endpoint, method) not in needs
    ]
    assert missing == []


def test_every_scheduled_verb_is_run_and_told_to_operators() -> None:
    wsgi.load_jobs()
    written = {
        name
        for path in modules()
        if path.name == "jobs.py"
        for name in re.findall(r'^@job\("([^"]+)"', path.read_text("utf-8"), re.MULTILINE)
    }
    assert {job.name for job in registered()} >= written != set()
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert sorted(name for name in written if f"`{name}`" not in told) == []


def test_every_permission_is_granted_and_used(bare_app: Flask) -> None:
    granted = PUBLIC_GRANTS.union(*GRANTS.values())
    used = set(bare_app.extensions["jicai-permissions"].values())
    text = "".join(path.read_text("utf-8") for path in modules() if dotted(path) != "kernel.auth.permissions")
    assert set(Permission) - granted == set()
    assert {
        p for p in Permission if p not in used and f"P.{p.name}" not in text and f"Permission.{p.name}" not in text
    } == set()


def test_strangers_change_nothing_but_what_is_meant_for_them(bare_app: Flask) -> None:
    open_posts = {
        endpoint for (endpoint, method), need in bare_app.extensions["jicai-permissions"].items()
        if method != "GET" and need in PUBLIC_GRANTS
    }  # fmt: skip
    assert open_posts <= {
        "kernel.sign_in", "kernel.sign_in_post", "kernel.organisation_apply", "kernel.set_password",
        "kernel.organisation_apply_post", "kernel.set_password_post", "kernel.organisation_resubmit",
        "pricing.calculator", "api-pricing.convert",
    }  # fmt: skip


def templates() -> list[str]:
    return [name for name in tracked() if name.endswith(".html") and "/templates/" in name]


@pytest.mark.parametrize("name", templates())
def test_template_parses_and_holds_no_inline_style_or_script(bare_app: Flask, name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    parsed = bare_app.jinja_env.parse(text)
    for found in parsed.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        if isinstance(found.template, nodes.Const):
            bare_app.jinja_env.get_template(found.template.value)
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*(src=|application/json))", text)


def test_every_rendered_template_exists(bare_app: Flask) -> None:
    missing = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "render",
                "render_template",
            ):
                target = node.args[0] if node.args else None
                if isinstance(target, ast.Constant) and str(target.value).endswith(".html"):
                    try:
                        bare_app.jinja_env.get_template(str(target.value))
                    except Exception as error:
                        missing.append(f"{shown(path)}:{node.lineno} {target.value} {error}")
    assert missing == []


def messages() -> dict[str, str]:
    """Every message id with where it stands."""
    found: dict[str, str] = {}
    keywords = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    for path in modules():
        for line, text, *_rest in extract_from_file("python", str(path), keywords=keywords):
            found[text if isinstance(text, str) else text[0]] = f"{shown(path)}:{line}"
    for name in templates():
        for line, text, *_rest in extract_from_file("jinja2.ext:babel_extract", str(ROOT / name), keywords=keywords):
            found[text if isinstance(text, str) else text[0]] = f"{name}:{line}"
    return found


def test_every_message_has_its_chinese_with_the_same_placeholders() -> None:
    catalogue = merged("zh_CN")
    missing, uneven = [], []
    for text, place in messages().items():
        entry = catalogue.get(text)
        if (
            entry is None
            or not entry.string
            or entry.fuzzy
            or (isinstance(entry.string, tuple | list) and not any(entry.string))
        ):
            missing.append(f"{place} {text!r}")
        elif (
            isinstance(entry.string, str) and isinstance(text, str) and placeholders(entry.string) - placeholders(text)
        ):
            uneven.append(f"{place} {text!r}")
    assert missing == []
    assert uneven == []


def shown_enums() -> list[type[StrEnum]]:
    """Enums of the packages that screens may show: all but permissions and those named for the machine alone."""
    found = []
    for path in modules():
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "StrEnum" for base in node.bases):
                found.append(getattr(import_module(dotted(path)), node.name))
    internal = {"Permission", "ColumnKind", "PasswordProfile"}
    return [enum for enum in found if enum.__name__ not in internal]


def test_every_code_has_a_label(bare_app: Flask) -> None:
    assert [f"{enum.__name__}.{code.name}" for enum in shown_enums() for code in enum if not has_label(code)] == []


def raised_codes() -> dict[str, str]:
    """Codes given to DomainError and its subclasses, and the classes' own."""
    codes: dict[str, str] = {}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "DomainError",
                "Conflict",
                "NotFound",
                "Forbidden",
                "Issue",
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    codes[first.value] = f"{shown(path)}:{node.lineno}"
            if isinstance(node, ast.ClassDef):
                for part in node.body:
                    if (
                        isinstance(part, ast.Assign)
                        and getattr(part.targets[0], "id", "") == "code"
                        and isinstance(part.value, ast.Constant)
                    ):
                        codes[str(part.value.value)] = f"{shown(path)}:{part.lineno}"
    return codes


def test_every_refusal_has_a_sentence(bare_app: Flask) -> None:
    known = problems.known_codes()
    assert {code: place for code, place in raised_codes().items() if code not in known} == {}


def test_the_openapi_document_is_valid(bare_app: Flask) -> None:
    from openapi_spec_validator import validate

    validate(bare_app.test_client().get("/api/v1/openapi.json").get_json())
