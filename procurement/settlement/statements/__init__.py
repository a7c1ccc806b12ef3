"""Statements of account between hospitals and sellers."""
