"""Contracts about which Python module may import which: one module a check, over one graph."""
