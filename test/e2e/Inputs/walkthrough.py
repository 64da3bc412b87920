"""Follows a page of the documentation: writes its programs, runs its commands, compares what they print.

usage: walkthrough.py PAGE.md DIR [--update]

In DIR, in order: a ```c, ```cpp or ```graph block whose first line is /* NAME */ or // NAME becomes the file NAME; a ```sh
block is run and must succeed; an ```output block is what the ```sh block before it prints, to the letter, or with ... for
lines left out at its end.  Any other ```c, ```cpp or ```graph block is an error, because nothing would test it; blocks
without a language are only shown.  A block behind a line that ends in `FILE`: is quoted from that file of the sources,
where all of its pieces between lines of ... must stand in their order.  Behind "new file `FILE`:" it is written to that
file of DIR, behind "in `FILE`, below `TEXT`:" it is put below the line of that file of DIR that has TEXT.  --update writes what the commands print into the
page instead.
"""
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")


def blocks(text):
    """(line, language, body) of every fenced block."""
    for m in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, m.start()) + 1, m.group(1), m.group(2)


def introduction(text, line):
    """The last line with words before the block at that line."""
    above = text.split("\n")[:line - 1]
    while above and not above[-1].strip():
        above.pop()
    return above[-1] if above else ""


def insert(where, path, below, body):
    lines = open(path, encoding="utf-8").read().split("\n")
    at = [i for i, line in enumerate(lines) if below in line]
    if not at:
        sys.exit(f"{where}: {path} has no line with {below}")
    lines[at[0] + 1:at[0] + 1] = body.split("\n")[:-1]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))


def check_quote(where, file, body):
    text, at = open(os.path.join(ROOT, file), encoding="utf-8").read(), 0
    for piece in re.split(r"^\s*(?:\.\.\.|…)\n", body, flags=re.M):
        found = text.find(piece, at)
        if found < 0:
            sys.exit(f"{where}: {file} has not (or not in this order)\n{piece}")
        at = found + len(piece)


def same(wanted, found):
    return found == wanted or (wanted.endswith("\n...\n") and found.startswith(wanted[:-4]))


def main(page, folder, update=None):
    printed = None
    files = commands = outputs = quotes = 0
    updates = []
    text = open(page, encoding="utf-8").read()
    for line, language, body in blocks(text):
        where = f"{page}:{line}"
        intro = introduction(text, line)
        new = re.search(r"[Nn]ew file `([^`]+)`:$", intro)
        below = re.search(r"[Ii]n `([^`]+)`, below `([^`]+)`:$", intro)
        quote = re.search(r"`([\w/.-]+)`:$", intro)
        if new:
            with open(f"{folder}/{new.group(1)}", "w", encoding="utf-8") as f:
                f.write(body)
            files += 1
        elif below:
            insert(where, f"{folder}/{below.group(1)}", below.group(2), body)
            files += 1
        elif quote:
            check_quote(where, quote.group(1), body)
            quotes += 1
        elif language in ("c", "cpp", "graph"):
            name = re.match(r"(?:/\*|//) (\w[\w.]*)(?: \*/)?\n", body)
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
            if update:
                kept = body.count("\n") - 1
                new = printed if not body.endswith("...\n") else "\n".join(printed.split("\n")[:kept]) + "\n...\n"
                updates.append((line, body, new))
            elif not same(body, printed):
                sys.exit(f"{where}: the page says\n{body}but the commands before print\n{printed}")
            outputs += 1
        elif language:
            sys.exit(f"{where}: unknown kind of block: {language}")
    lines = text.split("\n")
    for line, body, new in reversed(updates):
        lines[line:line + body.count("\n")] = new.split("\n")[:-1]
    if update:
        with open(page, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
    print(f"{files} files, {commands} commands, {outputs} outputs" + (f", {quotes} quotes" if quotes else ""))


main(*sys.argv[1:])
