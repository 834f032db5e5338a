"""A program, started by a list of arguments."""

import subprocess

subprocess.run(["ls", "-l"], check=True)
