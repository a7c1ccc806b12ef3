"""Stages of the volume ledger and the moves between them: every entry leaves one stage and enters another."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where volume stands. `OUTSIDE` is where it comes from: demand, or purchases beyond an agreement."""

    OUTSIDE = "outside"
    REPORTED = "reported"
    AGREED = "agreed"
    ALLOCATED = "allocated"
    ORDERED = "ordered"
    SHIPPED = "shipped"
    RECEIVED = "received"
    PAID = "paid"


class Move(StrEnum):
    """What moved volume."""

    REPORT = "report"
    AGREE = "agree"
    ALLOCATE = "allocate"
    RELEASE = "release"
    ORDER = "order"
    CANCEL = "cancel"
    SHIP = "ship"
    REJECT = "reject"
    RECEIVE = "receive"
    RETURN = "return"
    PAY = "pay"
    REFUND = "refund"


class Book(StrEnum):
    """Which account of a hospital and product: of the agreement, beyond it, or bought without any."""

    AGREED = "agreed"
    BEYOND = "beyond"
    OPEN = "open"


_STAGES = {
    Move.REPORT: (Stage.OUTSIDE, Stage.REPORTED),
    Move.AGREE: (Stage.REPORTED, Stage.AGREED),
    Move.ALLOCATE: (Stage.AGREED, Stage.ALLOCATED),
    Move.RELEASE: (Stage.ALLOCATED, Stage.OUTSIDE),
    Move.ORDER: (Stage.ALLOCATED, Stage.ORDERED),
    Move.CANCEL: (Stage.ORDERED, Stage.ALLOCATED),
    Move.SHIP: (Stage.ORDERED, Stage.SHIPPED),
    Move.REJECT: (Stage.SHIPPED, Stage.ORDERED),
    Move.RECEIVE: (Stage.SHIPPED, Stage.RECEIVED),
    Move.RETURN: (Stage.RECEIVED, Stage.ALLOCATED),
    Move.PAY: (Stage.RECEIVED, Stage.PAID),
    Move.REFUND: (Stage.PAID, Stage.RECEIVED),
}


def stages(book: Book, move: Move) -> tuple[Stage, Stage]:
    """Return the stage a move leaves and the one it enters; beyond an agreement volume comes from outside.

    >>> stages(Book.AGREED, Move.ORDER)
    (<Stage.ALLOCATED: 'allocated'>, <Stage.ORDERED: 'ordered'>)
    >>> stages(Book.BEYOND, Move.ORDER)[0].value
    'outside'
    """
    left, entered = _STAGES[move]
    if book is not Book.AGREED:
        left = Stage.OUTSIDE if left is Stage.ALLOCATED else left
        entered = Stage.OUTSIDE if entered is Stage.ALLOCATED else entered
    return left, entered
