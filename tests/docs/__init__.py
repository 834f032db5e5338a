"""The documents say what is true: names, defaults, links, and every example as it really runs."""
