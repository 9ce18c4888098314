"""One ledger per file: `NAME.sql` is the portable statement, with its meaning, keys and laws as a comment above it."""
