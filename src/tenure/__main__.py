"""`python -m tenure` is the command line, also where the script is not on the path."""

from __future__ import annotations

from tenure.surfaces.cli import main

if __name__ == "__main__":
    main()
