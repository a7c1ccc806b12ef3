"""Every table of pricing, in one import. The ratio rules keep nothing."""
