"""Find the products that other systems and pasted blocks name by code."""
