"""What the bureau reads of the retained balance over rounds, years, areas and grades of hospitals."""
