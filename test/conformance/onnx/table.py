#!/usr/bin/python3
"""Writes docs/onnx-ops.md: every operator of ONNX and what is there of it.

    test/conformance/onnx/table.py [--check] [FILE]

It follows from the rows of frontend/onnx/ops.def, the stored cases, and expected-failures.txt: run.py holds that exactly those cases fail
that the list names.  --check says whether the file is as it would be written.
"""
import collections
import json
import os
import re
import sys

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "../../..")
sys.path[:0] = [here, os.path.dirname(here)]
import suite  # noqa: E402
from run import read_cases  # noqa: E402

DOMAINS = {"": "ONNX", "ai.onnx.ml": "ai.onnx.ml", "ai.onnx.preview.training": "ai.onnx.preview.training", "ai.onnx.preview": "ai.onnx.preview",
           "com.microsoft": "com.microsoft"}


def read_rows():
    """name -> (since, ...) of what is made; and name -> why of what is refused."""
    made, refused = collections.defaultdict(list), {}
    with open(os.path.join(root, "frontend/onnx/ops.def"), encoding="utf-8") as f:
        text = f.read()
    for name, since in re.findall(r'^(?:SAME|FOLD|FUNC)\("([\w.]+)",\s*(\d+),', text, re.M):
        made[name].append(int(since))
    for name, why in re.findall(r'^REFUSED\("([\w.]+)",\s*"([^"]*)"', text, re.M):
        refused[name] = why
    return made, refused


def domain_of(name):
    return name.rpartition(".")[0]


def count_cases(cases, expected):
    """name -> [cases of the op itself, those that pass, cases of its expansion, those that pass, other cases, those that pass]."""
    by_title = {c.title: c for c in cases}
    counts = collections.defaultdict(lambda: [0] * 6)
    for c in cases:
        passes = not set(expected.get(c.title, {})) & {"interp", "llvm"}
        whole = by_title.get(f"{c.group}/{c.stem}", c)
        own = whole.entry["ops"][0] if c.group in ("node", "peers", "classical", "vision") and len(whole.entry["ops"]) == 1 else None
        for op in set(c.entry["ops"]) | ({own} if own else set()):
            at = 4 if op != own else 2 if c.stem != c.name else 0
            counts[op][at] += 1
            counts[op][at + 1] += passes
    return counts


def share(n, ok):
    return "" if not n else str(n) if n == ok else f"{ok} of {n}"


def state(name, op, made, refused, counts):
    n = counts[name]
    if name in refused and name not in made:
        return f"refused: {refused[name]}"
    if op and op["deprecated"] and name not in made:
        return "deprecated; not supported"
    if name not in made:
        return "through its function body" if n[0] and n[0] == n[1] else "not supported"
    if n[0] + n[2] + n[4] == 0:
        return "supported; no case"
    return "supported" if n[0] == n[1] and n[2] == n[3] else "supported, but for the cases below"


def write():
    with open(os.path.join(here, "cases/ops.json"), encoding="utf-8") as f:
        ops = json.load(f)
    made, refused = read_rows()
    cases = read_cases(os.path.join(here, "cases"))
    expected, _ = suite.read_expected(os.path.join(here, "expected-failures.txt"), {c.title for c in cases}, "case")
    counts = count_cases(cases, expected)
    names = sorted(set(ops) | set(made) | set(refused))
    out = ["# ONNX operators", "",
           "Written by `test/conformance/onnx/table.py`; do not edit. Cases are those of `test/conformance/onnx`, the backend tests",
           "of the `onnx` package and some whose results ONNX Runtime has given, on the interpreter and through LLVM: those of the operator",
           "itself, those of its expansion into others, and all others in which it occurs. *Since* are the versions of the operator set that",
           "changed it. A number alone: all pass.", ""]
    for domain, title in DOMAINS.items():
        inside = [n for n in names if domain_of(n) == domain]
        if not inside:
            continue
        supported = sum(state(n, ops.get(n), made, refused, counts).startswith(("supported", "through")) for n in inside)
        out += [f"## {title}: {supported} of {len(inside)}", "", "| operator | since | cases | expanded | others | state |", "|---|---|---|---|---|---|"]
        for n in inside:
            op, c = ops.get(n), counts[n]
            since = " ".join(map(str, op["since"])) if op else ""
            short = n[len(domain) + 1:] if domain else n
            out.append(f"| {short} | {since} | {share(*c[0:2])} | {share(*c[2:4])} | {share(*c[4:6])} | {state(n, op, made, refused, counts)} |")
        out.append("")
    out += [f"## Cases that fail: {len(expected)} of {len(cases)}", ""]
    if expected:
        out += ["| case | targets | reason |", "|---|---|---|"]
        out += [f"| {title} | {', '.join(expected[title])} | {next(iter(expected[title].values()))} |" for title in sorted(expected)]
    return "\n".join(out).rstrip() + "\n"


def main():
    words = [w for w in sys.argv[1:] if w != "--check"]
    path = words[0] if words else os.path.join(root, "docs/onnx-ops.md")
    text = write()
    if "--check" in sys.argv[1:]:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return 0
        print(f"{os.path.relpath(path)} is not what test/conformance/onnx/table.py writes")
        return 1
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
