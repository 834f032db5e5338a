"""What a repository's projects declare to depend on, read from their manifests; nothing is installed or run."""

from selfcheck.subjects.dependencies.declared import Declared, Group, normal
from selfcheck.subjects.dependencies.matching import Matching
from selfcheck.subjects.dependencies.mentions import mentioned
from selfcheck.subjects.dependencies.names import NO_DISTRIBUTIONS, is_companion, is_tool, least_known, providers
from selfcheck.subjects.dependencies.projects import MANIFESTS, Project, Projects, read
from selfcheck.subjects.dependencies.tables import inline, pyproject

__all__ = [
    "MANIFESTS",
    "NO_DISTRIBUTIONS",
    "Declared",
    "Group",
    "Matching",
    "Project",
    "Projects",
    "inline",
    "is_companion",
    "is_tool",
    "least_known",
    "mentioned",
    "normal",
    "providers",
    "pyproject",
    "read",
]
