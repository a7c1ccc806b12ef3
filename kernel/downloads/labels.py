"""Words of the download centre."""

from __future__ import annotations

from kernel.audit.tags import Tag
from kernel.downloads.flow import FileForm
from kernel.errands.labels import steps
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        FileForm.XLSX: _l("Excel workbook (.xlsx)"),
        FileForm.CSV: _l("CSV, UTF-8 (Excel, WPS)"),
        FileForm.CSV_GB18030: _l("CSV, GB18030 (older programs)"),
        Tag.DOWNLOAD_ASKED: _l("Download asked for"),
        Tag.DOWNLOAD_READY: _l("Download prepared"),
        Tag.DOWNLOAD_DROPPED: _l("Download thrown away"),
    }
)
steps({"download-write": _l("Rows are being written"), "download-keep": _l("The file is being kept")})
sentences(
    {
        "too-many-downloads": _l("You keep %(limit)s files already. Throw some away first."),
        "download-ready": _l("“%(title)s” is ready: %(rows)s rows"),
    }
)
