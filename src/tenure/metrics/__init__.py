"""One file, one metric: a folder is a family, a file's name is the metric's."""
