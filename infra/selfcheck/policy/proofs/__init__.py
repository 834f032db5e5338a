"""The canaries of the built-in guardrails: edits of a repository's own rules that must turn them red."""

from selfcheck.policy.proofs.excepting import of_exceptions
from selfcheck.policy.proofs.loosening import of_loosening
from selfcheck.policy.proofs.tried import Tried

__all__ = ["Tried", "of_exceptions", "of_loosening"]
