"""Metrics of recurring revenue."""
