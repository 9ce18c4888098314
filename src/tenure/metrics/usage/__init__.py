"""Metrics of what people do in the product."""
