"""Metrics of customers won, kept and lost."""
