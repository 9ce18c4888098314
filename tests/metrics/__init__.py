"""The catalogue: what every metric says of itself, and what it owes."""
