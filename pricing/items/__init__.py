"""Medical-service items: catalogues and their versions, prices by grade and region, annual volumes."""
