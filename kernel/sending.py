"""Answers that are files."""

from __future__ import annotations

import io
from datetime import datetime

from flask import send_file
from werkzeug.wrappers import Response

from kernel.clock import beijing
from kernel.sheets import XLSX, Sheet, xlsx


def workbook(sheet: Sheet, title: str, at: datetime) -> Response:
    """Answer with a workbook of one sheet, named by title and Beijing date."""
    name = f"{title}-{beijing(at):%Y%m%d}.xlsx"
    return send_file(io.BytesIO(xlsx([sheet])), mimetype=XLSX, as_attachment=True, download_name=name)
