"""States of a panel, its seats and its score sheets."""

from __future__ import annotations

from enum import StrEnum

from kernel.flow import Flow


class Method(StrEnum):
    """How the experts of a panel came to it."""

    DRAWN = "drawn"
    NAMED = "named"


class PanelState(StrEnum):
    """Where a panel stands."""

    WORKING = "panel-working"
    HANDED_OVER = "panel-handed-over"
    DISSOLVED = "panel-dissolved"


class PanelAction(StrEnum):
    """What can happen to a panel."""

    HAND_OVER = "panel-hand-over"
    DISSOLVE = "panel-dissolve"


PANEL_FLOW = Flow(
    {
        (PanelState.WORKING, PanelAction.HAND_OVER): PanelState.HANDED_OVER,
        (PanelState.WORKING, PanelAction.DISSOLVE): PanelState.DISSOLVED,
    }
)


class SeatState(StrEnum):
    """Where a seat stands."""

    PROPOSED = "seat-proposed"
    SERVING = "seat-serving"
    REPLACED = "seat-replaced"


class SeatAction(StrEnum):
    """What can happen to a seat."""

    CONFIRM = "seat-confirm"
    REPLACE = "seat-replace"


SEAT_FLOW = Flow(
    {
        (SeatState.PROPOSED, SeatAction.CONFIRM): SeatState.SERVING,
        (SeatState.PROPOSED, SeatAction.REPLACE): SeatState.REPLACED,
        (SeatState.SERVING, SeatAction.REPLACE): SeatState.REPLACED,
    }
)


class SheetState(StrEnum):
    """Where a score sheet stands."""

    DRAFT = "sheet-draft"
    SUBMITTED = "sheet-submitted"
    RETURNED = "sheet-returned"


class SheetAction(StrEnum):
    """What can happen to a score sheet."""

    SAVE = "sheet-save"
    SUBMIT = "sheet-submit"
    RETURN = "sheet-return"


SHEET_FLOW = Flow(
    {
        (SheetState.DRAFT, SheetAction.SAVE): SheetState.DRAFT,
        (SheetState.DRAFT, SheetAction.SUBMIT): SheetState.SUBMITTED,
        (SheetState.RETURNED, SheetAction.SAVE): SheetState.RETURNED,
        (SheetState.RETURNED, SheetAction.SUBMIT): SheetState.SUBMITTED,
        (SheetState.SUBMITTED, SheetAction.RETURN): SheetState.RETURNED,
    }
)
