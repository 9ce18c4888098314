"""Properties that hold for every company, tried on made-up ones."""
