"""Service level objectives as files say them: `slo-monitors.yml` and OpenSLO v1."""

from selfcheck.subjects.slo.model import Channel, Condition, Objective, Slos
from selfcheck.subjects.slo.read import SLO_FILES, ahead, read, reading

__all__ = ["SLO_FILES", "Channel", "Condition", "Objective", "Slos", "ahead", "read", "reading"]
