#!/usr/bin/env python3
"""Runs the programs of programs/*.zip on tfcc's targets and compares with what JAX computed.

    test/conformance/stablehlo/run.py [--build DIR] [--target interp,llvm,c] [--filter REGEX] [--part K/N] [--jobs N]

Failures are grouped by what is said, the most frequent first, each group with the programs that show it.
expected-failures.txt lists what is known to fail: GROUP/NAME TARGETS REASON, or a line that begins with #.  A program of the list
that passes is an error, and so is a list of more than one in a hundred.  --refused N says how many programs at most may be
refused because an op or an element type is not supported yet.
"""
import argparse
import collections
import json
import os
import re
import shutil
import sys
import tempfile
import zipfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.dirname(here)]
import suite  # noqa: E402
from compare import difference  # noqa: E402


class Program:
    def __init__(self, group, name, entry):
        self.group, self.name, self.entry = group, name, entry
        self.title = f"{group}/{name}"


def read_programs(folder, pattern="", part="0/1"):
    """All whose title matches; of those, for a part K/N, every N-th from the K-th on, so that all groups are among them."""
    found = []
    for file in sorted(os.listdir(folder)):
        if file.endswith(".zip"):
            with zipfile.ZipFile(os.path.join(folder, file)) as z:
                index = json.loads(z.read("programs.json"))
            found += [Program(file[:-4], name, index[name]) for name in sorted(index)]
    found = [p for p in found if re.search(pattern, p.title)]
    first, every = (int(n) for n in part.split("/"))
    return found[first::every]


def unpack(programs, folder, to):
    wanted = collections.defaultdict(set)
    for p in programs:
        wanted[p.group].add(p.name)
    for group, names in wanted.items():
        with zipfile.ZipFile(os.path.join(folder, group + ".zip")) as z:
            for info in z.infolist():
                if re.sub(r"\.(mlir|(in|out)\d+\.npy)$", "", info.filename) in names:
                    z.extract(info, os.path.join(to, group))


def check(batch, target, p, root):
    """None, or the kind of failure and what is to be said of it."""
    base = os.path.join(root, p.group, p.name)
    prefix = f"{base}.{target}"
    for i in range(len(p.entry["in"])):
        link = f"{prefix}.in{i}.npy"
        if not os.path.exists(link):
            os.symlink(f"{p.name}.in{i}.npy", link)
    failure = suite.run_case(batch, target, base + ".mlir", prefix)
    if failure:
        return failure
    for i, dtype in enumerate(p.entry["out"]):
        wanted = np.load(f"{base}.out{i}.npy")
        try:
            found = np.load(f"{prefix}.got{i}.npy")
        except (OSError, ValueError) as e:
            return "a result is missing", f"result {i}: {e}"
        d = difference(found, wanted, dtype, p.entry.get("tol"))
        if d:
            return f"wrong values: {p.group}/{re.split('-', p.name)[0]}", f"result {i}, {dtype}: {d}"
    if os.path.exists(f"{prefix}.got{len(p.entry['out'])}.npy"):
        return "there are more results than wanted", ""
    return None


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--build", default=os.path.join(here, "../../../build/release"))
    a.add_argument("--target", default="interp,llvm,c", help="a comma list")
    a.add_argument("--filter", default="", help="only programs whose GROUP/NAME matches this regular expression")
    a.add_argument("--part", default="0/1", help="K/N: every N-th of them, from the K-th on")
    a.add_argument("--jobs", type=int, default=os.cpu_count())
    a.add_argument("--seconds", type=int, default=60, help="for one program")
    a.add_argument("--show", type=int, default=3, help="programs of each group of failures")
    a.add_argument("--programs", default=os.path.join(here, "programs"))
    a.add_argument("--expected", default=os.path.join(here, "expected-failures.txt"))
    a.add_argument("--refused", type=int, help="so many programs, at most, are not supported yet")
    a.add_argument("--keep", help="unpack here, and leave the results")
    a.add_argument("--list", help="write all failures into this file: GROUP/NAME TARGET MESSAGE")
    args = a.parse_args()
    every = read_programs(args.programs)
    programs = read_programs(args.programs, args.filter, args.part)
    titles = {p.title for p in every}
    expected, wrong = suite.read_expected(args.expected, titles, "program")
    if len(expected) > len(titles) // 100:
        wrong.append(f"{os.path.basename(args.expected)}: {len(expected)} programs; at most {len(titles) // 100}, one in a hundred, may be there")
    root = args.keep or tempfile.mkdtemp(prefix="conform-")
    try:
        unpack(programs, args.programs, root)
        results = suite.run_all(args, programs, lambda batch, p, target: check(batch, target, p, root))
    finally:
        if not args.keep:
            shutil.rmtree(root, ignore_errors=True)
    if args.list:
        suite.write_list(args.list, results)
    failed = suite.report(results, expected, args.show, args.refused)
    for text in wrong:
        print(f"error: {text}")
    return 1 if failed or wrong or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
