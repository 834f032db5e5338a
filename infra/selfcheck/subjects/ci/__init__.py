"""What CI systems run for a change: workflows of GitHub, pipelines of GitLab, Azure and Jenkins."""

from selfcheck.subjects.ci.model import Ci, Filter, Job, Said, Step, Text, Workflow
from selfcheck.subjects.ci.read import read

__all__ = ["Ci", "Filter", "Job", "Said", "Step", "Text", "Workflow", "read"]
