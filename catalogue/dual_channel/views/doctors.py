"""A hospital's page of its responsible doctors."""

from __future__ import annotations

from werkzeug.wrappers import Response

from catalogue.dual_channel import exports, schemas
from catalogue.dual_channel.queries import doctors as queries
from catalogue.dual_channel.services import doctors as services
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render


def index(call: Call) -> str:
    """List the hospital's responsible doctors, with the form of a new one."""
    services.own_hospital(call.actor)
    return render(
        "catalogue/dual_doctors.html", list=paginate(call.session, queries.visible(call.actor)), day=today(call.at),
        values=call.form, errors=mistakes(call.error),
    )  # fmt: skip


def add(call: Call) -> Response:
    """Make a doctor responsible."""
    doctor = services.name_doctor(call.session, **schemas.doctor(call.form), actor=call.actor, at=call.at)
    flash_done(_("%(name)s was added.", name=doctor.name))
    return redirect_to("catalogue.dual_doctors")


def end(call: Call, doctor_id: int) -> Response:
    """End a doctor's responsibility."""
    until = schemas.doctor_end(call.form)
    services.end_doctor(call.session, doctor_id=doctor_id, until=until, actor=call.actor, at=call.at)
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.dual_doctors")


def table(call: Call) -> Sheet:
    """Return the hospital's responsible doctors."""
    services.own_hospital(call.actor)
    return exports.doctor_sheet(call.session, queries.visible(call.actor))
