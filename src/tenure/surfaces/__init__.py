"""What people touch: the command line and the page. Everything here goes through `tenure.library`."""
