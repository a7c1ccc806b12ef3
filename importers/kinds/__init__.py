"""One file for each kind of workbook, each holding `KIND`; the contract stands in importers.columns."""
