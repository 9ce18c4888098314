"""Support: what customers ask for, how soon they are answered, and what they find by themselves."""
