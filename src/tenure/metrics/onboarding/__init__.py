"""Metrics of how customers get going: sold, onboarded, launched."""
