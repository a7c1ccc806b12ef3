"""Ratings of companies by the benchmarks in force: proposed, noticed, defended, decided by two, corrected, cleared."""
