"""Follows a page of the documentation: writes its programs, runs its commands, compares what they print.

usage: walkthrough.py PAGE.md DIR

In DIR, in order: a ```c or ```cpp block whose first line is /* NAME */ becomes the file NAME; a ```sh block is run and
must succeed; an ```output block is what the ```sh block before it prints, to the letter.  Any other ```c or ```cpp
block is an error, because nothing would test it; blocks without a language are only shown.
"""
import re
import subprocess
import sys


def blocks(text):
    """(line, language, body) of every fenced block."""
    for m in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, m.start()) + 1, m.group(1), m.group(2)


def main(page, folder):
    printed = None
    files = commands = outputs = 0
    for line, language, body in blocks(open(page, encoding="utf-8").read()):
        where = f"{page}:{line}"
        if language in ("c", "cpp"):
            name = re.match(r"/\* (\w[\w.]*) \*/\n", body)
            if not name:
                sys.exit(f"{where}: a program without a file name in its first line")
            with open(f"{folder}/{name.group(1)}", "w", encoding="utf-8") as f:
                f.write(body)
            files += 1
        elif language == "sh":
            run = subprocess.run(["bash", "-eo", "pipefail", "-c", body], cwd=folder, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if run.returncode != 0:
                sys.exit(f"{where}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
            if run.stderr:
                sys.exit(f"{where}: unexpected messages\n{run.stderr}")
            printed = run.stdout
            commands += 1
        elif language == "output":
            if printed != body:
                sys.exit(f"{where}: the page says\n{body}but the commands before print\n{printed}")
            outputs += 1
        elif language:
            sys.exit(f"{where}: unknown kind of block: {language}")
    print(f"{files} files, {commands} commands, {outputs} outputs")


main(*sys.argv[1:])
