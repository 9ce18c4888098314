"""The revenue and customer numbers once more: naive loops and exact fractions, nothing shared with the ledgers in SQL."""
