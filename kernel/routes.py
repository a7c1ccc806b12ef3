"""The URL table: every row names its permission, every view runs in one transaction, every mutation replays safely.

Pages and JSON calls are rows of the same kind; `mount` turns a package's rows into its two blueprints.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import marshmallow as ma
from flask import Blueprint, Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as ApiBlueprint
from werkzeug.exceptions import Forbidden as NotListed
from werkzeug.routing import IntegerConverter

from kernel.auth.actor import Actor
from kernel.auth.guard import OPEN_WHILE_DUE
from kernel.auth.permissions import Permission
from kernel.calls import SAFE, Row, View
from kernel.errors import Forbidden as Refused
from kernel.identity import MOST
from kernel.requests import answer_api, answer_page


class Identity(IntegerConverter):
    """`<int:…>` in an address: a number that no record can have is an address that does not exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": MOST, **kwargs})


class Pages:
    """The page rows of a package; templates live beside the table under a folder of the package's name."""

    def __init__(self, package: str, import_name: str, prefix: str | None = None) -> None:
        self.package, self.import_name = package, import_name
        self.prefix = f"/{package}" if prefix is None else prefix
        self.rows: list[Row] = []

    def add(
        self, name: str, url: str, view: View, permission: Permission, *,
        methods: tuple[str, ...] = ("GET",), again: View | None = None,
        prepare: Callable[..., Any] | None = None, long: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Add a page."""
        self.rows.append(Row(name, url, view, permission, methods, again, prepare, long=long))


class Api:
    """The JSON rows of a package, under /api/v1/<package>."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.rows: list[Row] = []

    def add(
        self, name: str, url: str, view: View, permission: Permission, *,
        methods: tuple[str, ...] = ("GET",), query: type[ma.Schema] | None = None,
        body: type[ma.Schema] | None = None, returns: ma.Schema | type[ma.Schema] | None = None, status: int = 200,
    ) -> None:  # fmt: skip
        """Add a call."""
        self.rows.append(Row(name, url, view, permission, methods, None, None, query, body, returns, status))


def mount(app: Flask, documented: SmorestApi, *, pages: Pages | None = None, api: Api | None = None) -> None:
    """Register a package's rows; the guard knows only what was registered here."""
    needs: dict[tuple[str, str], Permission] = app.extensions.setdefault("jicai-permissions", {})
    if pages:
        _mount_pages(app, pages, needs)
    if api:
        _mount_api(documented, api, needs)


def _mount_pages(app: Flask, pages: Pages, needs: dict[tuple[str, str], Permission]) -> None:
    has_templates = Path(app.root_path, pages.import_name.replace(".", "/"), "templates").is_dir()
    blueprint = Blueprint(
        pages.package,
        pages.import_name,
        url_prefix=pages.prefix,
        template_folder="templates" if has_templates else None,
    )
    for row in pages.rows:
        blueprint.add_url_rule(row.url, row.name, _page_view(row), methods=list(row.methods))
        for method in row.methods:
            needs[(f"{pages.package}.{row.name}", method)] = row.permission
    app.register_blueprint(blueprint)


def _page_view(row: Row) -> Callable[..., ResponseReturnValue]:
    def view(**url_args: Any) -> ResponseReturnValue:
        return answer_page(row, url_args)

    view.__name__, view.__doc__ = row.name, row.view.__doc__
    return view


def _mount_api(documented: SmorestApi, api: Api, needs: dict[tuple[str, str], Permission]) -> None:
    name = f"api-{api.package}"
    blueprint = ApiBlueprint(name, __name__, url_prefix=f"/api/v1/{api.package}", description=api.package)
    by_url: dict[str, list[Row]] = {}
    for row in api.rows:
        by_url.setdefault(row.url, []).append(row)
    for url, rows in by_url.items():
        body: dict[str, Any] = {}
        for row in rows:
            for method in row.methods:
                body[method.lower()] = _api_method(blueprint, row, method)
                needs[(f"{name}.{rows[0].name}", method)] = row.permission
        # the class, never as_view(): as_view documents every path as GET only
        blueprint.add_url_rule(url, rows[0].name, type(f"V_{rows[0].name}", (MethodView,), body))
    documented.register_blueprint(blueprint)


class Problem(ma.Schema):
    """RFC 9457."""

    type = ma.fields.Str()
    title = ma.fields.Str()
    status = ma.fields.Int()
    detail = ma.fields.Str()
    facts = ma.fields.Dict()
    errors = ma.fields.List(ma.fields.Dict())


def _api_method(blueprint: Any, row: Row, method: str) -> Any:
    def call(_self: MethodView, *parsed: dict[str, Any], **url_args: Any) -> Any:
        values = list(parsed)
        query = values.pop(0) if row.query and values else {}
        body = values.pop(0) if row.body and values else {}
        return answer_api(row, url_args, query, body)

    call.__name__, call.__doc__ = method.lower(), row.view.__doc__
    method_view: Any = call
    if row.returns is not None or row.status == 204:
        method_view = blueprint.response(row.status, row.returns)(method_view)
    if row.body:
        method_view = blueprint.arguments(row.body, location="json")(method_view)
    if row.query:
        method_view = blueprint.arguments(row.query, location="query")(method_view)
    for status in (401, 403, 404, 409, 422, 500):
        method_view = blueprint.alt_response(status, schema=Problem, content_type="application/problem+json")(
            method_view
        )
    return blueprint.doc(operationId=f"{row.name}_{method.lower()}", **{"x-permission": row.permission.value})(
        method_view
    )


def guard(app: Flask) -> None:
    """Refuse, before anything is parsed, what the table does not list or the actor may not do."""
    needs: dict[tuple[str, str], Permission] = app.extensions["jicai-permissions"]
    needs[("static", "GET")] = Permission.PUBLIC
    needs[("api-docs.openapi_json", "GET")] = Permission.PUBLIC

    @app.before_request
    def _guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        permission = needs.get((request.endpoint, "GET" if request.method == "HEAD" else request.method))
        actor: Actor = g.actor
        if permission is None:
            raise NotListed
        if permission in actor.permissions:
            return _password_first() if g.password_due else None
        if not actor.signed_in and request.method in SAFE and not request.path.startswith("/api/"):
            return redirect(url_for("kernel.sign_in", next=request.full_path.rstrip("?")))
        raise Refused(permission=permission)


def _password_first() -> ResponseReturnValue | None:
    """Send somebody whose password is due to the one page that is open to him."""
    if request.endpoint in OPEN_WHILE_DUE:
        return None
    if request.path.startswith("/api/"):
        raise Refused("password-due")
    return redirect(url_for("kernel.password"), 303)
