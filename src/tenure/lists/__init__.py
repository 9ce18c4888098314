"""What a store holds, row by row, for a reader to look through: customers, movements, releases, loads."""
