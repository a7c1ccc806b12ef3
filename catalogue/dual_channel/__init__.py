"""Dual channel (双通道): negotiated drugs through designated hospitals and designated pharmacies."""
