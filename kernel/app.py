"""Build the web application from settings, a database and the packages' URL tables."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Flask, Response, current_app, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_smorest import Api as SmorestApi
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from kernel import logs, money, web
from kernel.auth.guard import load_actor
from kernel.config import ROOT, Settings
from kernel.db import Database
from kernel.errors import DomainError
from kernel.i18n import FOLDER, LOCALES
from kernel.problems import plain_problem, problem, sentence
from kernel.routes import Api, Identity, Pages, guard, mount

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
    "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'", "manifest-src": "'self'",
}  # fmt: skip


# Refusals of the frame itself whose page needs a sentence more than its status says.
EXPLAINED = frozenset({"csrf", "conflict", "bad-request", "request-entity-too-large", "method-not-allowed"})


class _ProblemApi(SmorestApi):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest with our own error answers, app wide."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to the application."""


class _Csrf(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types
    def protect(self, *, apply_exemptions: bool = False) -> None:
        """Ask for the page's token wherever a cookie says who acts; an access key no foreign page can send."""
        if not g.by_key:
            super().protect(apply_exemptions=apply_exemptions)


def build(settings: Settings, database: Database, tables: Sequence[tuple[Pages | None, Api | None]]) -> Flask:
    """Return the application with the given URL tables mounted behind the guard."""
    money.trap_floats()
    app = Flask("jicai", root_path=str(ROOT), static_folder="static", template_folder="kernel/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key, SETTINGS=settings, MAX_CONTENT_LENGTH=(settings.upload_megabytes + 1) << 20,
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_NAME="jicai", BABEL_DEFAULT_LOCALE="zh_CN", BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(FOLDER), WTF_CSRF_TIME_LIMIT=None, SEND_FILE_MAX_AGE_DEFAULT=3600,
        API_TITLE="jicai", API_VERSION="v1", OPENAPI_VERSION="3.0.3", OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json", PROPAGATE_EXCEPTIONS=False, MAX_FORM_MEMORY_SIZE=4 << 20,
    )  # fmt: skip
    app.extensions["jicai-database"] = database
    app.url_map.converters["int"] = Identity
    Babel(app, locale_selector=_locale)
    _before_each(app)  # first of all: a page that refuses a bad CSRF token needs the actor, too
    _Csrf(app)
    Talisman(
        app, content_security_policy=POLICY, force_https=False, strict_transport_security=settings.https,
        session_cookie_secure=settings.https, session_cookie_samesite="Lax", referrer_policy="same-origin",
        frame_options="DENY",
    )  # fmt: skip
    documented = _ProblemApi(app)
    for pages, api in tables:
        mount(app, documented, pages=pages, api=api)
    web.install(app)
    guard(app)
    _errors(app)
    logs.attach(app)
    return app


def _locale() -> str:
    """Take the language of this browser's switch, else the one of the user's first visit, else Chinese."""
    asked = session.get("locale") or g.get("user_locale", "")
    return asked if asked in LOCALES else "zh_CN"


def _before_each(app: Flask) -> None:
    @app.before_request
    def _identify() -> None:
        g.request_id = request.headers.get("X-Request-Id", "")[:64] or uuid.uuid4().hex[:12]
        load_actor(app.extensions["jicai-database"])

    @app.after_request
    def _close(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _errors(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, lambda error: _error_page(409, "conflict"))
    app.register_error_handler(RecursionError, lambda error: _error_page(400, "bad-request"))  # JSON without an end
    app.register_error_handler(CSRFError, lambda error: _error_page(400, "csrf"))
    app.register_error_handler(Exception, _crash)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    if _wants_json():
        return problem(error, 401 if error.status == 403 and not g.actor.signed_in else error.status)
    return _error_page(error.status, error.code, sentence(error))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and 300 <= error.code < 400:
        return redirect(error.get_response().location or "/", error.code)
    found = getattr(error, "data", None) or {}
    return _error_page(error.code or 500, error.name.lower().replace(" ", "-"), "", found.get("messages"))


def _crash(error: Exception) -> ResponseReturnValue:
    logs.log().exception("request crashed", path=request.path, request_id=g.get("request_id"))
    if current_app.testing:
        raise error
    return _error_page(500, "internal-error")


def _error_page(status: int, code: str, text: str = "", errors: object = None) -> ResponseReturnValue:
    if _wants_json():
        body: dict[str, object] = {"type": f"urn:jicai:problem:{code}", "title": code, "status": status, "detail": text}
        return plain_problem(status, body | ({"facts": {"fields": errors}} if errors else {}))
    if not text and code in EXPLAINED:
        text = sentence(DomainError(code))
    known = status if status in (403, 404, 409, 422, 429, 500, 503) else 422 if status < 500 else 500
    shell = _bare_shell()
    return render_template(f"errors/{known}.html", shell=shell, code=code, text=text), status


def _bare_shell() -> dict[str, object]:
    """Frame an error page without touching the database, which may be what failed."""
    g.pop("call", None)
    return web.shell()
