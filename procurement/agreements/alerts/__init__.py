"""Warnings about agreed volumes: behind the year, nothing bought of a winner, too much of others."""
