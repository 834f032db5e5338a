"""Checks of the rulebook itself: whether each guardrail can fail, leads to something, and says what it must."""
