"""Answers that are files."""

from __future__ import annotations

import io
from datetime import datetime

from flask import send_file
from werkzeug.wrappers import Response

from kernel.clock import beijing
from kernel.downloads.flow import FileForm
from kernel.files.models import StoredFile
from kernel.sheets import CSV, XLSX, Sheet, write_csv, write_xlsx


def file_name(title: str, form: FileForm, at: datetime) -> str:
    """Name a file by its title and the Beijing date."""
    return f"{title}-{beijing(at):%Y%m%d}.{form.suffix}"


def media_type(form: FileForm) -> str:
    """Return what a browser is told the file is."""
    return {FileForm.XLSX: XLSX, FileForm.CSV: CSV, FileForm.CSV_GB18030: f"{CSV}; charset=gb18030"}[form]


def write(target: io.BytesIO, sheet: Sheet, form: FileForm) -> None:
    """Write a table in the form asked for."""
    if form is FileForm.XLSX:
        write_xlsx(target, [sheet])
    else:
        encoding = "gb18030" if form is FileForm.CSV_GB18030 else "utf-8"
        write_csv(target, sheet.headers, sheet.rows, encoding=encoding)


def table(sheet: Sheet, title: str, at: datetime, form: FileForm = FileForm.XLSX) -> Response:
    """Answer with a table of one sheet."""
    target = io.BytesIO()
    write(target, sheet, form)
    target.seek(0)
    return send_file(target, mimetype=media_type(form), as_attachment=True, download_name=file_name(title, form, at))


workbook = table


def attachment(file: StoredFile) -> Response:
    """Answer with a stored file, to be saved and never shown inside our own pages."""
    return send_file(io.BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=file.name)
