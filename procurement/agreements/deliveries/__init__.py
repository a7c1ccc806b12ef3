"""Who delivers whose products where: named by the producer, held against the two-invoice rule."""
