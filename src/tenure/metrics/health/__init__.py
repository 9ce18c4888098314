"""Metrics of how customers fare: what they reach, how we are in touch."""
