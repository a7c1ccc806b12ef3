"""Those who report of their own accord: private hospitals and retail pharmacies join a collection."""
