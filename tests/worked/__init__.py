"""Small companies whose numbers are known, asked through the command line."""
