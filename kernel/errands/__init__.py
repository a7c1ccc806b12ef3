"""Work that somebody waits for: done off the request, with progress, by whichever runner takes it."""
