"""Pages on which lots are chosen and caps are set."""

from __future__ import annotations

import re

from werkzeug.wrappers import Response

from catalogue.drugs.queries import varieties
from catalogue.drugs.rules.codes import VolumeClass
from catalogue.drugs.rules.forms import FormKind
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.forms import FormReader
from kernel.i18n import _, _n, label
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render
from procurement.demand import schemas
from procurement.demand.queries import calls, lots
from procurement.demand.services import lots as services
from procurement.demand.services.lots import LotDraft


def index(call: Call, call_id: int) -> str:
    """Show the lots of a draft for editing."""
    found = calls.one_call(call.session, call_id, call.actor)
    shown = lots.lots(call.session, call_id)
    return render(
        "procurement/demand_lots.html", found=found, lots=shown, errors=schemas.errors(call.error), typed=call.form,
        offered=lots.specification_by_key(call.session, [lot.variety_id for lot in shown]),
        classes=[(each.value, label(each)) for each in VolumeClass],
        kinds=[(each.value, label(each)) for each in FormKind],
    )  # fmt: skip


def add(call: Call, call_id: int) -> Response:
    """Add varieties that were picked, or whose numbers were pasted."""
    picked = [found for value in call.form.getlist("varieties") if (found := record_id(value))]
    drafts = [LotDraft(variety_id) for variety_id in picked + _by_codes(call)]
    added = services.add_lots(call.session, call_id=call_id, drafts=drafts, actor=call.actor, at=call.at)
    flash_done(_n("%(num)s lot was added.", "%(num)s lots were added.", len(added)))
    return redirect_to("procurement.demand_lots", call_id=call_id)


def _by_codes(call: Call) -> list[int]:
    codes = [code for code in re.split(r"[\s,，;；、]+", call.form.get("codes", "").strip()) if code]
    known = varieties.ids_by_code(call.session, codes)
    if unknown := [code for code in codes if code not in known]:
        raise NotFound("demand-unknown-variety", number=unknown[0])
    return [known[code] for code in codes]


def change(call: Call, call_id: int, lot_id: int) -> Response:
    """Change a lot's classes and specifications."""
    reader = FormReader(call.form)
    volume_class = reader.choice("volume_class", VolumeClass, _("Volume class"))
    form_kind = reader.choice("form_kind", FormKind, _("Form"))
    reader.done()
    chosen = {found for value in call.form.getlist("specifications") if (found := record_id(value))}
    services.change_lot(
        call.session, call_id=call_id, lot_id=lot_id, volume_class=volume_class, form_kind=form_kind,
        specification_ids=chosen, actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The changes were saved."))
    return redirect_to("procurement.demand_lots", call_id=call_id)


def remove(call: Call, call_id: int, lot_id: int) -> Response:
    """Take a lot out."""
    services.remove_lot(call.session, call_id=call_id, lot_id=lot_id, actor=call.actor, at=call.at)
    flash_done(_("The lot was taken out."))
    return redirect_to("procurement.demand_lots", call_id=call_id)


def caps(call: Call, call_id: int) -> str:
    """Show the caps for editing."""
    found = calls.one_call(call.session, call_id, call.actor)
    return render(
        "procurement/demand_caps.html", found=found, lots=lots.lots(call.session, call_id), typed=call.form,
        errors=schemas.errors(call.error),
    )  # fmt: skip


def set_caps(call: Call, call_id: int) -> Response:
    """Set caps."""
    values = schemas.caps(call.form)
    changed = services.set_caps(call.session, call_id=call_id, caps=values, actor=call.actor, at=call.at)
    flash_done(_n("%(num)s cap was changed.", "%(num)s caps were changed.", changed))
    return redirect_to("procurement.demand_caps", call_id=call_id)
