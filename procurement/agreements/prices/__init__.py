"""Winners' prices as listings of kind agreement."""
