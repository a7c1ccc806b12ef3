"""What imports say to people: one sentence and, where there is one, one cure for every code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import get_locale

from importers.flow import ImportAction, ImportState, Mode
from kernel.errands.labels import steps
from kernel.errors import Issue
from kernel.i18n import _, _l, labels
from kernel.problems import known_codes, sentence, sentences

labels(
    {
        ImportState.RECEIVED: _l("Being checked"),
        ImportState.REFUSED: _l("Refused"),
        ImportState.CHECKED: _l("Waiting for confirmation"),
        ImportState.APPLIED: _l("Written"),
        ImportState.CANCELLED: _l("Dropped"),
        ImportState.EXPIRED: _l("Expired"),
        ImportAction.CHECK: _l("Check"),
        ImportAction.REFUSE: _l("Refuse"),
        ImportAction.APPLY: _l("Write"),
        ImportAction.CANCEL: _l("Drop"),
        ImportAction.EXPIRE: _l("Let expire"),
        Mode.ALL: _l("Only if every row is right"),
        Mode.GOOD_ROWS: _l("The right rows"),
    }
)

# the file as a whole
sentences(
    {
        "file-refused": _l("The file can't be taken: %(count)s things to correct"),
        "no-file": _l("Choose a file first"),
        "readers-busy": _l("Several large files are being read just now. Try again in a minute"),
        "empty-file": _l("“%(file)s” is empty"),
        "format-not-taken": _l("“%(file)s” is neither .xlsx nor .csv"),
        "old-format": _l("“%(file)s” is in a format that is not taken (.xls, .xlsb, .ods)"),
        "macros": _l("“%(file)s” contains macros"),
        "external-links": _l("“%(file)s” refers to other workbooks (%(part)s)"),
        "embedded-objects": _l("“%(file)s” contains embedded objects (%(part)s)"),
        "declares-entities": _l("“%(file)s” declares XML entities (%(part)s)"),
        "password": _l("“%(file)s” is protected by a password"),
        "content-does-not-match-name": _l("The content of “%(file)s” is not what its name says"),
        "not-a-workbook": _l("“%(file)s” is not a workbook"),
        "damaged": _l("“%(file)s” is damaged and can't be read"),
        "cut-off": _l("The end of “%(file)s” is missing"),
        "part-damaged": _l("“%(file)s” is damaged: part %(part)s isn't what the file's own directory says"),
        "part-malformed": _l("“%(file)s” is damaged: part %(part)s breaks off or is malformed at line %(line)s"),
        "count-misstated": _l("“%(file)s” is damaged: part %(part)s says it holds %(said)s texts and holds %(count)s"),
        "part-twice": _l("“%(file)s” is damaged: it holds part %(part)s twice"),
        "sheets-share-part": _l("Sheet “%(sheet)s” of “%(file)s” is the same part as another sheet (%(part)s)"),
        "cell-unreadable": _l("Cell %(cell)s of sheet “%(sheet)s” holds no value of its kind: %(value)s"),
        "upload-too-large": _l("“%(file)s” is larger than %(limit)s MB"),
        "too-many-parts": _l("“%(file)s” has %(count)s parts, more than %(limit)s"),
        "inflates-too-far": _l("“%(file)s” unpacks to more than it may (%(limit)s MB, or 200 times its size)"),
        "too-large": _l("“%(file)s” needs more memory or time than a file may take"),
        "cell-too-far-out": _l("Content far outside the table: cell %(cell)s of sheet “%(sheet)s”"),
        "too-many-rows": _l("Sheet “%(sheet)s” has more than %(limit)s rows"),
        "too-many-columns": _l("Sheet “%(sheet)s” has values beyond column %(limit)s (cell %(cell)s)"),
        "merges-too-far": _l("Sheet “%(sheet)s” merges too many cells (%(cell)s)"),
        "cell-without-reference": _l("Sheet “%(sheet)s” has cells without a position"),
        "unknown-encoding": _l("“%(file)s” is neither UTF-8 nor GB18030 (line %(line)s)"),
        "text-with-nul": _l("“%(file)s” isn't text: it holds zero bytes (line %(line)s)"),
        "line-too-long": _l("Line %(line)s of “%(file)s” is longer than %(limit)s MB"),
        "bad-csv": _l("“%(file)s” is not well-formed at line %(line)s: quotation marks do not match"),
        "template-required": _l("“%(file)s” was not made from our template for %(kind)s"),
        "template-of-another-kind": _l("“%(file)s” is a template for something else (%(found)s), not for %(kind)s"),
        "template-outdated": _l("“%(file)s” is version %(found)s of the template; version %(wanted)s is valid now"),
        "template-of-another-occasion": _l("“%(file)s” is the template of another round or collection"),
        "no-headers": _l("No row with the column headers was found in “%(file)s” (%(columns)s)"),
        "several-data-sheets": _l("Several sheets have the headers: %(sheets)s"),
        "column-missing": _l("The column “%(column)s” is missing"),
        "column-twice": _l("The column “%(column)s” stands twice: %(first)s and %(cell)s"),
        "no-rows": _l("Sheet “%(sheet)s” holds no rows below its headers"),
    }
)

# one cell or row
sentences(
    {
        "required": _l("Required, but empty"),
        "error-cell": _l("The formula ends in an error (%(value)s)"),
        "formula-without-result": _l("A formula that was never calculated"),
        "control-character": _l("Contains characters that can't be seen"),
        "text-became-date": _l("Excel has turned the text into a date"),
        "damaged-number": _l("A number of more than 15 digits: Excel has already changed its last digits"),
        "zeros-lost": _l("%(value)s has %(length)s characters instead of %(wanted)s: leading zeros were lost"),
        "wrong-length": _l("%(value)s has %(length)s characters instead of %(wanted)s"),
        "too-long": _l("%(length)s characters, more than %(limit)s"),
        "code-not-text": _l("%(value)s is not a code"),
        "gap-in-code": _l("The code contains a space"),
        "not-a-number": _l("%(value)s is not a plain number"),
        "number-too-large": _l("%(value)s is too large"),
        "not-whole": _l("%(value)s is not a whole number"),
        "too-many-decimals": _l("%(value)s has more than %(places)s decimals"),
        "below-minimum": _l("%(value)s is below %(minimum)s"),
        "not-a-date": _l("%(value)s is not a date"),
        "has-time": _l("%(value)s has a time of day"),
        "no-such-day": _l("There is no day %(value)s"),
        "date-before-1900": _l("%(value)s is before March 1900"),
        "not-in-list": _l("%(value)s is not in the list"),
        "not-yes-or-no": _l("%(value)s is neither yes nor no"),
        "row-repeated": _l("The same as row %(first)s"),
        "merged-cells": _l("Merged cells (%(area)s): it can't be said which row the value belongs to"),
        "region-parent-unknown": _l("There is no region %(value)s"),
        "region-in-circle": _l("The region would lie inside itself"),
    }
)

# what was left out or mended
sentences(
    {
        "hidden-sheet": _l("The hidden sheet “%(sheet)s” was not read"),
        "hidden-rows": _l("%(count)s hidden or filtered rows of sheet “%(sheet)s” were not read: %(rows)s"),
        "sheet-left-out": _l("Sheet “%(sheet)s” with %(rows)s rows was not read"),
        "column-unknown": _l("The column “%(column)s” (%(cell)s) is not known and was not read"),
        "column-without-header": _l("The column at %(cell)s has values but no header and was not read"),
        "encoding-guessed": _l("“%(file)s” was read as UTF-8, but could be GB18030: look at its letters"),
        "spaces-taken-off": _l("Spaces around %(count)s values of “%(column)s” were taken off"),
    }
)

# what happens to an import
steps(
    {
        "import-read": _l("The file is being read"),
        "import-check": _l("The rows are being checked and compared"),
        "import-keep": _l("The preview is being made"),
        "import-write": _l("The rows are being written, all or none"),
    }
)
sentences(
    {
        "import-checked": _l("“%(file)s” is checked: look at the preview and confirm"),
        "import-checked-again": _l("The data changed since the preview of “%(file)s”: nothing was written, look again"),
        "import-refused": _l("“%(file)s” was not taken; nothing has been written"),
        "import-written": _l("“%(file)s” is written"),
        "import-not-applicable": _l("The import can't be written"),
        "import-has-issues": _l("%(rows)s rows are wrong; all must be right before anything is written"),
        "import-writes-nothing": _l("There is nothing to write: everything in the file stands there already"),
        "import-already-applied": _l("The import was already written or dropped %(receipt)s"),
        "import-expired": _l("The import was not confirmed in time. Upload the file again"),
    }
)

CURES = {
    "old-format": _l("Save it as .xlsx and upload that"),
    "macros": _l("Save it as .xlsx without macros"),
    "external-links": _l("Replace the links by their values"),
    "embedded-objects": _l("Remove the objects"),
    "password": _l("Take the password off"),
    "content-does-not-match-name": _l("Open it and save it as .xlsx"),
    "damaged": _l("Open it in Excel or WPS and save it as .xlsx"),
    "cut-off": _l("Copy or download the file again"),
    "part-damaged": _l("Open it in Excel or WPS and save it as .xlsx"),
    "part-malformed": _l("Open it in Excel or WPS and save it as .xlsx"),
    "count-misstated": _l("Open it in Excel or WPS and save it as .xlsx"),
    "part-twice": _l("Open it in Excel or WPS and save it as .xlsx"),
    "sheets-share-part": _l("Open it in Excel or WPS and save it as .xlsx"),
    "cell-unreadable": _l("Enter the value again, or open the file in Excel or WPS and save it as .xlsx"),
    "text-with-nul": _l("Save it as CSV UTF-8, or as .xlsx"),
    "line-too-long": _l("Save it as CSV with one line a row, or as .xlsx"),
    "bad-csv": _l("Close the quotation marks of that line, or save it as .xlsx"),
    "encoding-guessed": _l("Save it as CSV UTF-8, or as .xlsx"),
    "cell-too-far-out": _l("Delete the empty rows and columns after the table, save, and upload again"),
    "too-many-columns": _l("Delete the columns after the table"),
    "too-many-rows": _l("Split the file"),
    "too-large": _l("Split the file, or delete what is not part of the table"),
    "merges-too-far": _l("Unmerge the cells"),
    "unknown-encoding": _l("Save it as CSV UTF-8, or as .xlsx"),
    "template-outdated": _l("Download the template again"),
    "template-of-another-kind": _l("Download the template of this page"),
    "template-of-another-occasion": _l("Download the template of this page"),
    "template-required": _l("Download the template of this page"),
    "column-missing": _l("Take the headers from the template; their order is free"),
    "column-twice": _l("Delete one of the two"),
    "several-data-sheets": _l("Keep one, or call it 数据"),
    "required": _l("Fill in the cell"),
    "error-cell": _l("Replace the formula by its value"),
    "formula-without-result": _l("Open the file in Excel or WPS and save it, or replace the formula by its value"),
    "control-character": _l("Type the value again"),
    "text-became-date": _l("Format this column as text and type the value again"),
    "damaged-number": _l("Format this column as text and enter the whole number again"),
    "zeros-lost": _l("Format this column as text and enter the code with its zeros"),
    "code-not-text": _l("Format this column as text and enter the code again"),
    "gap-in-code": _l("Delete the space"),
    "not-a-number": _l("Only digits and a decimal point"),
    "not-a-date": _l("A date cell, or text like 2026-11-20"),
    "has-time": _l("Enter the day only"),
    "too-many-decimals": _l("At most %(places)s decimals"),
    "not-in-list": _l("Choose from the list: %(choices)s"),
    "row-repeated": _l("Keep one of the two rows"),
    "merged-cells": _l("Unmerge and fill in every row"),
    "region-parent-unknown": _l("Add it to the file, or import it first"),
}
sentences({f"{code}.fix": text for code, text in CURES.items()})

SHORT = {
    "required": _l("Empty"),
    "too-many-decimals": _l("Decimals"),
    "row-repeated": _l("Repeated rows"),
    "not-a-number": _l("Not a number"),
    "not-in-list": _l("Not in the list"),
    "damaged-number": _l("Damaged numbers"),
    "wrong-length": _l("Code length"),
    "zeros-lost": _l("Zeros lost"),
    "error-cell": _l("Formula errors"),
    "merged-cells": _l("Merged cells"),
    "not-a-date": _l("Not a date"),
    "region-parent-unknown": _l("Unknown regions"),
}


def short_names(names: Mapping[str, Any]) -> None:
    """Register the few words that the chip of an issue's code shows."""
    SHORT.update(names)


def short(code: str, otherwise: str = "") -> str:
    """The few words for a code, or `otherwise` where nobody named it."""
    return str(SHORT.get(code, otherwise or code))


def says(issue: Issue) -> str:
    """The problem in words, with its clause."""
    rule = issue.facts.get("rule")
    return sentence(issue) + (_(" (rule %(rule)s)", rule=rule) if rule else "")


def cure(issue: Issue) -> str:
    """How to put it right, where that can be said."""
    code = f"{issue.code}.fix"
    if code not in known_codes() or (issue.code == "not-in-list" and not issue.facts.get("choices")):
        return ""
    facts, listed = issue.facts, issue.facts.get("choices")
    if isinstance(listed, dict):  # in each language: a workbook may be looked at in another than it was uploaded in
        facts = {**facts, "choices": listed["zh" if str(get_locale()).startswith("zh") else "en"]}
    return sentence(replace(issue, code=code, facts=facts))
