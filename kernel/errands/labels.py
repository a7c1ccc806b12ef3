"""Names of an errand's states and steps."""

from __future__ import annotations

from typing import Any

from kernel.errands.flow import ErrandState
from kernel.errands.models import Errand
from kernel.errors import DomainError
from kernel.i18n import _l, label, labels
from kernel.problems import sentence, sentences

labels(
    {
        ErrandState.WAITING: _l("Waiting for its turn"),
        ErrandState.RUNNING: _l("Under way"),
        ErrandState.DONE: _l("Done"),
        ErrandState.FAILED: _l("Failed"),
    }
)
sentences({"errand-broke": _l("Something went wrong on our side. Nothing was written; try again.")})
_steps: dict[str, Any] = {}


def steps(names: dict[str, Any]) -> None:
    """Register what the steps of an area's errands are called."""
    _steps.update(names)


def progress(errand: Errand) -> dict[str, Any]:
    """Return what static/js/progress.js reads."""
    name = _steps.get(errand.step, "")
    text = label(errand.state) if not name or errand.state is not ErrandState.RUNNING else str(name)
    if errand.state is ErrandState.FAILED:
        text = said(errand)
    return {
        "done": errand.done, "total": errand.total, "text": text, "finished": errand.state is ErrandState.DONE,
        "failed": errand.state is ErrandState.FAILED,
    }  # fmt: skip


def said(errand: Errand) -> str:
    """Say why an errand failed, in the reader's language."""
    return sentence(DomainError(errand.error, **errand.error_facts)) if errand.error else ""
