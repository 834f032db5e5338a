"""`selfcheck test`: trees below guardrails/tests/ that keep or break a guardrail."""
