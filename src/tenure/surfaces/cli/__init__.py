"""The command line. `main` is what the installed script calls; it never shows a traceback that nobody asked for."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the words of the command line and exit with their code (0, 1, 2 or 130)."""
    try:
        # Inside the guard, because Ctrl-C may come while the modules are still being read.
        from tenure.surfaces.cli.app import process

        code = process(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted: nothing was changed.\n")
        code = 130
    # The process ends and its memory with it: to look for circles in it first takes a tenth of a small question.
    gc.freeze()
    sys.exit(code)
