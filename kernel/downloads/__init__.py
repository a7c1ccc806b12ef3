"""Tables out: what any list shows as a file, small ones at once, large ones prepared off the request."""
