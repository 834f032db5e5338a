"""Contracts of other programs become guardrails that hold the same, and what does not is said."""
