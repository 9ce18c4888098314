"""Metrics of what customers say: surveys, comments, how they feel about us."""
