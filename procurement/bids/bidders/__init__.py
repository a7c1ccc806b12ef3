"""Who took part in a box, once it is over."""
