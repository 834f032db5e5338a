"""What selfcheck costs, measured; a benchmark is never a test."""
