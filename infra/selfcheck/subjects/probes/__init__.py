"""How an application is asked how it is where it is deployed: Dockerfiles, compose, Kubernetes, Helm, Fly, Render, nginx."""

from selfcheck.subjects.probes.model import Asks, Deployment, Probe, Started
from selfcheck.subjects.probes.read import DEPLOYED, ahead, read

__all__ = ["DEPLOYED", "Asks", "Deployment", "Probe", "Started", "ahead", "read"]
