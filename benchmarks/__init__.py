"""The promised speeds, measured: `make bench` (or `python -m benchmarks`) prints each figure beside its goal."""
