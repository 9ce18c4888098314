"""A store that another process of this machine serves, used as if it were open here: by a socket that only its owner can reach.

Whatever a command does with a store goes through; what it reads, writes and shows itself stays where it runs.
"""
