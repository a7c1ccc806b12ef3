"""Pages of panels: the agency's, the experts', a company's own scores."""
