"""Online purchasing: hospitals' plans, orders, shipments, receipts and returns."""
