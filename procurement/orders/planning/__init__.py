"""Pages and calls by which a hospital plans its purchases and a second person places them."""
