"""Ratings of companies by the benchmarks in force."""
