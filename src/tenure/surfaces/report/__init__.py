"""The report as a file: one content, written once (`content`), and three hands that put it on a page."""
