"""Progress of agreed volumes by hospital, region, variety and supplier, from maintained sums."""
