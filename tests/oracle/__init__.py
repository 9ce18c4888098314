"""The revenue and customer numbers once more, by naive loops and exact fractions: nothing is shared with the SQL."""
