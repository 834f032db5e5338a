"""A text from elsewhere is given to a shell, or run as code."""

import os
import pickle
import subprocess

import yaml

subprocess.run("ls -l", shell=True)  # expect: no-shell-strings
os.system("ls -l")  # expect: no-shell-strings
pickle.load(open("x", "rb"))  # expect: no-shell-strings
yaml.load(open("x"))  # expect: no-shell-strings
eval("1 + 1")  # expect: no-shell-strings
