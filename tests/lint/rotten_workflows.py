"""Workflows and pipelines that swallow what the gate says."""

from tests.lint.rot import MARK, Rot


def github(name: str, rotten: str, healthy: str, on: str = "on: pull_request\n") -> Rot:
    """A workflow of GitHub; it is a guardrail's only in that it runs the gate."""
    path = f".github/workflows/{name}.yml"
    return Rot(
        name,
        "rulebook-workflows",
        "",
        "",
        {path: f"{on}jobs:\n{rotten}"},
        {path: f"on: pull_request\njobs:\n{healthy}"},
    )


def job(*lines: str, of: str = "") -> str:
    """A job with one step of these lines."""
    step = "".join(f"        {line}\n" for line in lines)
    return f"  gate:\n    runs-on: ubuntu-latest\n{of}    steps:\n      -{step[7:]}"


RUN = "run: selfcheck run"
ON_PATHS = f'on:\n  pull_request:\n    paths: ["shop/**"]  {MARK}\n'
GREEN = (
    "  {name}:\n    needs: [gate]\n    if: {condition}\n    runs-on: ubuntu-latest\n    steps:\n      - run: {run}\n"
)
WORKFLOWS = (
    github("goes-on", job(RUN, f"continue-on-error: true  {MARK}"), job(RUN)),
    github("job-goes-on", job(RUN, of=f"    continue-on-error: true  {MARK}\n"), job(RUN)),
    github("swallows", job(f"run: selfcheck run || true  {MARK}"), job(RUN)),
    github(
        "pipes",
        job("run: |", f"  selfcheck run | tee log  {MARK}"),
        job("shell: bash", "run: |", "  selfcheck run | tee log"),
    ),
    github("never", job("if: ${{ false }}  " + MARK, RUN), job(RUN)),
    github("too-late", job(f"if: failure()  {MARK}", RUN), job("if: ${{ !cancelled() }}", RUN)),
    github(
        "green-anyway",
        job(RUN) + GREEN.format(name="all-green", condition=f"always()  {MARK}", run="echo green"),
        job(RUN)
        + GREEN.format(name="all-green", condition="always()", run="test '${{ needs.gate.result }}' = success"),
    ),
)
FILTERED = Rot(
    "filtered",
    "rulebook-workflows",
    "",
    "",
    {".github/workflows/filtered.yml": f"{ON_PATHS}jobs:\n{job(RUN)}"},
    {".github/workflows/filtered.yml": f"on: pull_request\njobs:\n{job(RUN)}"},
)
PIPELINES = (
    Rot(
        "gitlab",
        "rulebook-workflows",
        "",
        "",
        {
            ".gitlab-ci.yml": f"may-fail:\n  allow_failure: true  {MARK}\n  script: [selfcheck run]\n"
            f"by-hand:\n  when: manual  {MARK}\n  script: [selfcheck run]\n"
            f"afterwards:\n  script: [make]\n  after_script: [selfcheck run]  {MARK}\n"
            f"swallowing:\n  script:\n    - selfcheck prove || echo bad  {MARK}\n"
        },
        {
            ".gitlab-ci.yml": "may-fail:\n  allow_failure: false\n  script: [selfcheck run]\n"
            "by-hand:\n  when: manual\n  allow_failure: false\n  script: [selfcheck run]\n"
            "afterwards:\n  script: [selfcheck run]\n  after_script: [make]\n"
            "swallowing:\n  script:\n    - selfcheck prove || exit 1\n"
        },
    ),
    Rot(
        "azure",
        "rulebook-workflows",
        "",
        "",
        {
            "azure-pipelines.yml": f"steps:\n  - script: selfcheck run\n    continueOnError: true  {MARK}\n"
            f"  - script: selfcheck run\n    condition: failed()  {MARK}\n"
            f"  - script: |\n      selfcheck prove\n      echo done  {MARK}\n"
        },
        {
            "azure-pipelines.yml": "steps:\n  - script: selfcheck run\n    continueOnError: false\n"
            "  - script: selfcheck run\n    condition: succeeded()\n"
            "  - script: |\n      echo begun\n      selfcheck prove\n"
        },
    ),
    Rot(
        "jenkins",
        "rulebook-workflows",
        "",
        "",
        {
            "Jenkinsfile": f"pipeline {{ stages {{ stage('gate') {{ steps {{\n  sh 'selfcheck run || true'  // {MARK}\n"
            f"  sh(script: 'selfcheck prove', returnStatus: true)  // {MARK}\n"
            f"  catchError(buildResult: 'SUCCESS') {{  // {MARK}\n    sh 'selfcheck lint'\n  }}\n}} }} }} }}\n"
        },
        {
            "Jenkinsfile": "pipeline { stages { stage('gate') { steps {\n  sh 'selfcheck run'\n"
            "  script { def status = sh(script: 'selfcheck prove', returnStatus: true); if (status) { error 'red' } }\n"
            "  catchError(buildResult: 'FAILURE') {\n    sh 'selfcheck lint'\n  }\n} } } }\n"
        },
    ),
)
