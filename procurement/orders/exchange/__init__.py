"""Plain files to and from hospital systems: plans come in, orders and shipments go out, as JSON or CSV."""
