"""What a decision rests on is verified."""

import posixpath
import re
from collections.abc import Iterator

from selfcheck.check import Append, Canary, Evidence, Finding, Repository, Seen, Tree, Unprovable
from selfcheck.checks.decisions.check import DecisionCheck, about
from selfcheck.subjects.decisions import Decision
from selfcheck.subjects.decisions.model import Claim

PATH = re.compile(r"(?<![\w/:.])(\.?[\w+-][\w.+-]*(?:/[\w.+-]+)+\.[a-z]{1,5})(?![\w/])")
LEVEL = re.compile(r"\bL([2-5])\b")


class AdrClaims(DecisionCheck, kw_only=True):
    """No decision that is accepted, or that claims to be reviewed, rests on a claim that nobody has verified."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each claim that is not verified, and for each source in the repository that is not there."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        count = 0
        for decision in found.all:
            if found.in_force(decision) or _is_reviewed(decision):
                own = [each for each in decision.document.claims if each.verified is not None]
                boxes = decision.document.phases.unverified if decision.document.phases else ()
                count += len(own) + len(boxes)
                for claim in own:
                    yield from _claim(repo.tree, decision, claim)
                for box in boxes:
                    if not box.ticked:
                        hint = "verify it, or take it out of what the decision rests on"
                        yield about(decision, f"claim {box.text}", f"is open: {box.text}", hint, line=box.line)
        if count:
            yield Evidence("claims", scope=count, examined=count)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A claim that is not verified, in the first decision that is in force."""
        found = self.decisions(repo)
        held = (each for each in found.all if found.in_force(each) and each.path.endswith(".md"))
        decision = next(held, None)
        if decision is None:
            raise Unprovable("no decision in Markdown is in force")
        table = b"\n\n| Claim | Source | Verified | Date |\n|---|---|---|---|\n| canary sings | hearsay | No | |\n"
        yield Canary(
            f"let {decision.id} rest on hearsay",
            (Append(decision.path, table),),
            f"{decision.path}: claim canary sings",
        )


def _is_reviewed(decision: Decision) -> bool:
    phases = decision.document.phases
    levels = phases.levels if phases else ()
    return any(len(LEVEL.findall(each.text)) == 1 for each in levels)


def _claim(tree: Tree, decision: Decision, claim: Claim) -> Iterator[Finding]:
    if not claim.verified:
        said = f"claims what nobody has verified: {claim.text}"
        yield about(
            decision, f"claim {claim.text}", said, "verify it, and say by which source and when", line=claim.line
        )
    for path in PATH.findall(claim.source) if "://" not in claim.source else ():
        if tree.resolve(posixpath.normpath(path)) is None:
            said = f"the source of a claim is not there: {path}"
            yield about(decision, f"source {path}", said, "commit it, or name where it is", line=claim.line)
