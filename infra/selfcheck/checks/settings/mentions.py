"""Names of variables that need no example, and words of files that may use one without being read as code."""

import re
from collections.abc import Sequence

from selfcheck.check import Tree, Unreadable

SYSTEM = re.compile(
    r"PATH|HOME|USER|USERNAME|LOGNAME|SHELL|PWD|OLDPWD|TERM|COLORTERM|LANG|LANGUAGE|LC_\w+|TZ|TMP|TEMP|TMPDIR|HOSTNAME|DISPLAY"
    r"|EDITOR|VISUAL|PAGER|BROWSER|CI|NO_COLOR|FORCE_COLOR|COLUMNS|LINES|XDG_\w+|GITHUB_\w+|GITLAB_\w+|CI_\w+|PYTEST_\w+|PYTHON\w+"
    r"|VIRTUAL_ENV|CONDA_\w+|NODE_ENV|NODE_OPTIONS|npm_\w+|KUBERNETES_\w+|APPDATA|LOCALAPPDATA|PROGRAMFILES\w*|SYSTEMROOT|COMSPEC"
    r"|USERPROFILE|OS|SSH_\w+|SUDO_\w+|MODE|DEV|PROD|SSR|BASE_URL|LD_LIBRARY_PATH|INVOCATION_ID|NOTIFY_SOCKET|PROMPT_COMMAND|UID|GID"
    r"|DJANGO_SETTINGS_MODULE|FLASK_APP|DJANGO_SUPERUSER_\w+|PROMETHEUS_MULTIPROC_DIR|NEXT_PHASE|NEXT_RUNTIME"
    r"|(?:NEXT_PUBLIC_)?VERCEL(?:_\w+)?|NETLIFY(?:_\w+)?|RENDER(?:_\w+)?|RAILWAY_\w+|FLY_\w+|DYNO|HEROKU_\w+|CF_PAGES\w*"
    r"|AWS_LAMBDA_\w+|AWS_EXECUTION_ENV|LAMBDA_TASK_ROOT|K_SERVICE|K_REVISION|K_CONFIGURATION|CLOUD_RUN_\w+|WEBSITE_\w+|CODESPACE\w*"
)
"""What the system, the shell, a tool or a host of applications sets, which no example needs to name."""
MENTIONING = (
    "**/*.sh",
    "**/*.bash",
    "**/Makefile",
    "**/Dockerfile*",
    "**/*.yml",
    "**/*.yaml",
    "**/*.toml",
    "**/*.js",
    "**/*.ts",
    "**/*.mjs",
    "**/*.cjs",
    "**/*.conf",
    "**/*.tpl",
    "**/*.template",
    "**/*.py",
    "**/*.rb",
    "**/*.go",
    "**/*.java",
    "**/*.php",
    "**/*.rs",
    "**/*.json",
    "**/*.ini",
    "**/*.cfg",
    "**/justfile",
    "**/*.tsx",
    "**/*.jsx",
    "**/*.vue",
    "**/*.svelte",
    "**/*.nix",
    "**/*.kt",
    "**/*.cs",
    "**/*.ex",
    "**/*.exs",
)
_word = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
LARGEST = 1_000_000


def words(tree: Tree, patterns: Sequence[str]) -> set[str]:
    """Every word of the files that patterns select, however large the tree is."""
    found: set[bytes] = set()
    for file in tree.files(tuple(patterns)):
        try:
            content = file.bytes
        except Unreadable:
            continue
        if len(content) < LARGEST:
            found.update(_word.findall(content))
    return {each.decode("ascii") for each in found}
