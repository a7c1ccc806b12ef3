"""JSON logs on standard error. A bid's content, a password or a token never gets into one."""

from __future__ import annotations

import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

_configured = False


def configure() -> None:
    """Write one JSON object a line."""
    global _configured  # noqa: PLW0603 - logging is process wide by nature
    if _configured:
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    _configured = True


def log() -> Any:
    """Return the logger."""
    configure()
    return structlog.get_logger()


def attach(app: Flask) -> None:
    """Log each request: who, what, how long. Never its body or its query."""

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def _finish(response: Response) -> Response:
        if request.endpoint != "static" and not app.testing:
            log().info(
                "request", method=request.method, path=request.path, status=response.status_code,
                milliseconds=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
                user=g.actor.user_id if "actor" in g else None, request_id=g.get("request_id"),
            )  # fmt: skip
        return response
