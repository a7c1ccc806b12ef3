"""Run one row of the URL table: a transaction around it, a replay in front of it, an answer to its refusals."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, flash, g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from kernel import clock
from kernel.answers import Answered
from kernel.calls import SAFE, Call, Row
from kernel.columns import canonical
from kernel.db import Database
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, Issue, NotFound
from kernel.problems import sentence

LONGEST = 20_000
"""Characters of one field: a cell of a workbook holds 32 767."""
HALF = re.compile("[\ud800-\udfff]")


class KeyReused(DomainError):
    """The same idempotency key came with another body."""

    code = "idempotency-key-reused"


def database() -> Database:
    """Return the app's database."""
    found: Database = current_app.extensions["jicai-database"]
    return found


def _call(session: Session, **values: Any) -> Call:
    call = Call(session=session, actor=g.actor, at=clock.now(), args=request.args, **values)
    g.call = call
    return call


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "") or request.form.get("_key", "")
    return key[:80] if g.actor.user_id is not None else ""


def _body_digest() -> str:
    """Digest what was sent: fields in order and file contents, without the token that changes with each page.

    Keyed, because the fields may be a password or a bid's prices, which a plain digest would give away.
    """
    secret = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(secret, f"{request.method} {request.path}\n".encode(), hashlib.sha256)
    if request.mimetype not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        digest.update(request.get_data(cache=True))
    for name, value in sorted(request.form.items(multi=True)):
        if name not in ("csrf_token", "_key"):
            digest.update(canonical([name, value]).encode())
    for name, file in request.files.items(multi=True):
        digest.update(canonical([name, file.filename]).encode() + file.stream.read())
        file.stream.seek(0)
    return digest.hexdigest()


def _replayed(key: str, digest: str) -> Response | None:
    with database().transaction(write=False) as session:
        known = session.scalars(
            select(Answered).where(Answered.user_id == g.actor.user_id, Answered.key == key)
        ).one_or_none()
    if known is None:
        return None
    if known.body_digest != digest:
        raise KeyReused(key=key)
    response = make_response(known.body, known.status)
    if known.location:
        response.headers["Location"] = known.location
    elif known.body:
        response.mimetype = "application/json"
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _mutate(row: Row, run: Any) -> Response:
    """Run a mutation once per key: its answer is stored with its effect, and replayed to the same request."""
    key = _key()
    digest = _body_digest() if key else ""
    if key and (known := _replayed(key, digest)):
        return known
    try:
        with database().transaction() as session:
            response = make_response(run(session))
            if key and response.status_code < 400:
                body = "" if row.again or response.location else response.get_data(as_text=True)
                session.add(
                    Answered(
                        user_id=g.actor.user_id,
                        key=key,
                        body_digest=digest,
                        status=response.status_code,
                        location=response.location or "",
                        body=body,
                        at=clock.now(),
                    )
                )
        return response
    except (IntegrityError, DomainError) as error:
        if key and (known := _replayed(key, digest)):  # the other half of a double click was first
            return known
        if isinstance(error, IntegrityError):
            raise Conflict("already-exists") from error
        raise


def _must_be_text(url_args: dict[str, Any]) -> None:
    """Refuse a NUL, which nobody types and no text column of PostgreSQL holds."""
    fields = [*request.args.items(multi=True), *request.form.items(multi=True), *url_args.items()]
    names = ((name, file.filename or "") for name, file in request.files.items(multi=True))
    nul = any("\0" in f"{name}{value}" for name, value in (*fields, *names))
    if nul or (request.mimetype == "application/json" and b"\\u0000" in request.get_data(cache=True)):
        raise BadRequest


def _must_be_short(row: Row) -> None:
    """Refuse a field that no cell of an export could hold, each at its place. Where less is right, its verb says so."""
    whole = request.get_json(silent=True) if request.mimetype == "application/json" else None
    wrong = {
        name: Issue("text-too-long", facts={"most": LONGEST})
        for name, text in (*request.form.items(multi=True), *_texts("", whole))
        if len(text) > LONGEST and name not in row.long
    }
    if wrong:
        raise Invalid(wrong)


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Return every text of a JSON body with its place; half a surrogate pair is none, and no database keeps it."""
    if isinstance(value, str):
        if HALF.search(value):
            raise BadRequest
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(f"{name}.{key}".lstrip("."), each)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _texts(f"{name}[{place}]", each)


def answer_page(row: Row, url_args: dict[str, Any]) -> ResponseReturnValue:
    """Answer a page request."""
    _must_be_text(url_args)
    if request.method in SAFE:
        with database().transaction(write=False) as session:
            return make_response(row.view(_call(session), **url_args))
    try:
        _must_be_short(row)
        prepared = row.prepare(request.files, **url_args) if row.prepare else None
        given: dict[str, Any] = {"form": request.form, "files": request.files, "prepared": prepared}
        return _mutate(row, lambda session: row.view(_call(session, **given), **url_args))
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return _refused(row, error, url_args)


def _refused(row: Row, error: DomainError, url_args: dict[str, Any]) -> ResponseReturnValue:
    if row.again is not None:
        with database().transaction(write=False) as session:
            call = _call(session, form=request.form, files=MultiDict(), error=error)
            response = make_response(row.again(call, **url_args))
            response.status_code = error.status
            return response
    flash(sentence(error), "bad")
    return redirect(back(), 303)


def back() -> str:
    """Return the page the reader came from, if it is ours."""
    referrer = request.referrer or ""
    if referrer.startswith(request.host_url):
        return "/" + referrer.removeprefix(request.host_url)
    return url_for("kernel.home")


def answer_api(row: Row, url_args: dict[str, Any], query: dict[str, Any], body: dict[str, Any]) -> Any:
    """Answer a JSON call: plain data for the schema to dump, or a stored answer."""
    _must_be_text(url_args)
    if request.method in SAFE:
        with database().transaction(write=False) as session:
            return _dumped(row, row.view(_call(session, query=query), **url_args))
    _must_be_short(row)
    return _mutate(row, lambda session: _dumped(row, row.view(_call(session, query=query, body=body), **url_args)))


def _dumped(row: Row, value: Any) -> Response:
    """Serialise inside the transaction, so that nothing is read after it."""
    if isinstance(value, Response):
        return value
    if row.returns is not None:
        schema = row.returns() if isinstance(row.returns, type) else row.returns
        value = schema.dump(value)
    response = jsonify(value) if row.status != 204 else make_response("")
    response.status_code = row.status
    return response
