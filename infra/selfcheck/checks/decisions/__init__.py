"""Decisions: whole, consistent, linked to each other, to the code that cites them and to the guardrails that keep them."""
