#!/usr/bin/python3
"""Runs ONNX's backend tests, cases/*.zip, on tfcc's targets and compares with the outputs that the ONNX package wants.

    test/conformance/onnx/run.py [--build DIR] [--target interp,llvm,c] [--filter REGEX] [--op NAME] [--part K/N | --tenth] [--jobs N]

Failures are grouped by what is said, the most frequent first, each group with the cases that show it.
expected-failures.txt lists what is known to fail: GROUP/NAME TARGETS REASON, or a line that begins with #.  A case of the list
that passes is an error, and so is a list of more than two in a hundred of the group node, or of any case of another group.
"""
import argparse
import collections
import json
import math
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
from differ import ATOL, RTOL, difference  # noqa: E402

# How many of a hundred may be on the list.
LIMITS = {"node": 2, "simple": 0, "pytorch-converted": 0, "pytorch-operator": 0, "light": 0, "peers": 0, "classical": 0, "vision": 0}


class Case:
    def __init__(self, group, name, entry):
        self.group, self.name, self.entry = group, name, entry
        self.title = f"{group}/{name}"
        self.refused = []       # what a run says of its nodes
        self.stem = re.sub(r"_expanded(_ver\d+)?$", "", name)      # of the case with the op itself


def read_index(folder):
    """group -> what its cases.json says."""
    index = {}
    for group in LIMITS:
        path = os.path.join(folder, group + ".zip")
        if os.path.exists(path):
            with zipfile.ZipFile(path) as z:
                index[group] = json.loads(z.read("cases.json"))
    return index


def read_cases(folder):
    index = read_index(folder)
    return [Case(group, name, entry) for group in index for name, entry in sorted(index[group]["cases"].items())]


def case_op(case, by_title):
    """The op that a case of the group node is about; of the others, the ops it has, together."""
    whole = by_title.get(f"{case.group}/{case.stem}", case)
    return " ".join(whole.entry["ops"][:1] if case.group == "node" and len(whole.entry["ops"]) == 1 else whole.entry["ops"])


def tenth(cases):
    """Of each op's cases one in ten, and at least one: all ops, and about a tenth of all cases.  Of the networks the smallest."""
    by_title = {c.title: c for c in cases}
    by_op = collections.defaultdict(list)
    for c in cases:
        by_op["light" if c.group == "light" else case_op(c, by_title)].append(c)
    chosen = set()
    for members in by_op.values():
        n = math.ceil(len(members) / 10)
        chosen |= {members[i * len(members) // n].title for i in range(n)} if members[0].group != "light" else {"light/squeezenet"}
    seen = {op for c in cases if c.title in chosen for op in c.entry["ops"]}
    for c in cases:
        if not seen.issuperset(c.entry["ops"]):
            chosen.add(c.title)
            seen |= set(c.entry["ops"])
    return [c for c in cases if c.title in chosen]


def choose(cases, args):
    chosen = [c for c in cases if re.search(args.filter, c.title) and (not args.op or args.op in c.entry["ops"])]
    if args.tenth:
        kept = {c.title for c in tenth(cases)}
        chosen = [c for c in chosen if c.title in kept]
    first, every = (int(n) for n in args.part.split("/"))
    return chosen[first::every]


def files_of(value):
    """The files of one input or output: none of an absent one, any number of a sequence."""
    name, _, files = value
    if files is None:
        return []
    if isinstance(files, list):
        return [(f"{name}.{k}", file) for k, file in enumerate(files)]
    return [(name, files)]


def unpack(cases, folder, to):
    wanted = collections.defaultdict(set)
    for c in cases:
        wanted[c.group].add(c.name + ".onnx")
        for value in c.entry["in"] + c.entry["out"]:
            wanted[c.group] |= {file for _, file in files_of(value) if isinstance(file, str)}
    for group, names in wanted.items():
        with zipfile.ZipFile(os.path.join(folder, group + ".zip")) as z:
            for name in names:
                z.extract(name, os.path.join(to, group))


def write_inputs(case, root, prefix):
    """PREFIX.inputs: for each tensor its name and its file."""
    with open(prefix + ".inputs", "w", encoding="utf-8") as f:
        for value in case.entry["in"]:
            for name, file in files_of(value):
                if isinstance(file, dict):      # element k of n is k / n
                    shape = file["steps"]
                    n = math.prod(shape)
                    file = "steps-" + "x".join(map(str, shape)) + ".npy"
                    path = os.path.join(root, case.group, file)
                    if not os.path.exists(path):
                        np.save(path, (np.arange(n).reshape(shape) / n).astype(np.float32))
                f.write(f"{name}\t{os.path.join(root, case.group, file)}\n")


def read_results(prefix):
    """name -> (element type, file), as conform-batch lists them."""
    with open(prefix + ".results", encoding="utf-8") as f:
        lines = [line.rstrip("\n").split("\t") for line in f]
    return {name: (dtype, file) for name, dtype, file in lines}


def said(log, case):
    """The errors of a log, those of nodes with their ops; the first of them names the group."""
    first, text = suite.said(log)
    errors = [f"{op}: {message}" for op, message in re.findall(r"^[^\n]*?: node \d+ [^\n]*?\(([\w.]+), opset \d+\)[^\n]*?: error: ([^\n]*)", text, re.M)]
    case.refused = list(dict.fromkeys(errors))
    return (case.refused[0] if errors else first), text


def check(batch, case, target, root):
    """None, or the kind of failure and what is to be said of it."""
    model = os.path.join(root, case.group, case.name + ".onnx")
    prefix = f"{model[:-5]}.{target}"
    write_inputs(case, root, prefix)
    failure = suite.run_case(batch, target, model, prefix, lambda log: said(log, case))
    if failure:
        return failure[0], "; ".join(case.refused[:6]) or failure[1]
    found = read_results(prefix)
    there = ", ".join(found)
    for value in case.entry["out"]:
        for name, file in files_of(value):
            wanted = np.load(os.path.join(root, case.group, file))
            if name not in found:
                return "a result is missing", f"result {name}; there are: {there}"
            dtype, got = found.pop(name)
            if dtype != value[1]:
                return "wrong element type", f"result {name}: {dtype}, wanted {value[1]}"
            d = difference(np.load(got), wanted, value[1], *case.entry.get("tol", (RTOL, ATOL)))
            if d:
                return f"wrong {'shape' if d.startswith('shape') else 'values'}: {' '.join(case.entry['ops'][:3])}", f"result {name}, {value[1]}: {d}"
    # A size that is data is a result of its own, which the model does not have.
    more = [name for name, (dtype, got) in found.items() if dtype != "i64" or np.load(got).ndim != 0]
    if more:
        return "there are more results than wanted", ", ".join(more)
    return None


def list_limits(expected, cases, path):
    wrong = []
    for group, percent in LIMITS.items():
        n, most = sum(t.startswith(group + "/") for t in expected), sum(c.group == group for c in cases) * percent // 100
        if n > most:
            wrong.append(f"{os.path.basename(path)}: {n} cases of {group}; at most {most}, {percent} in a hundred, may be there")
    return wrong


def counts(results, expected):
    """A line a group of cases: how many of them pass on each target."""
    table = collections.OrderedDict()
    for c, target, failure, _ in results:
        group = c.group + ("_expanded" if c.stem != c.name else "")
        row = table.setdefault(group, {}).setdefault(target, [0, 0])
        row[0] += not failure
        row[1] += 1
    refused = collections.Counter(message for c in {r[0].title: r[0] for r in results if r[2]}.values() for message in c.refused)
    if refused:
        print("refused in so many cases: " + ", ".join(f"{n} {message}" for message, n in refused.most_common(40)))
    for group, row in table.items():
        print(f"{group:20}" + "   ".join(f"{target} {ok}/{n} ({100 * ok / n:.1f} %)" for target, (ok, n) in row.items()))


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--build", default=os.path.join(here, "../../../build/release"))
    a.add_argument("--target", default="interp,llvm", help="a comma list of interp, llvm and c")
    a.add_argument("--filter", default="", help="only cases whose GROUP/NAME matches this regular expression")
    a.add_argument("--op", help="only cases that have this op: Conv, ai.onnx.ml.Scaler")
    a.add_argument("--part", default="0/1", help="K/N: every N-th of them, from the K-th on")
    a.add_argument("--tenth", action="store_true", help="of each op's cases one in ten, and at least one")
    a.add_argument("--jobs", type=int, default=os.cpu_count())
    a.add_argument("--seconds", type=int, default=60, help="for one case")
    a.add_argument("--show", type=int, default=3, help="cases of each group of failures")
    a.add_argument("--slowest", type=int, default=0, help="print so many cases that took longest")
    a.add_argument("--cases", default=os.path.join(here, "cases"))
    a.add_argument("--expected", default=os.path.join(here, "expected-failures.txt"))
    a.add_argument("--keep", help="unpack here, and leave models, inputs and results")
    a.add_argument("--list", help="write all failures into this file: GROUP/NAME TARGET MESSAGE")
    args = a.parse_args()
    every = read_cases(args.cases)
    cases = choose(every, args)
    expected, wrong = suite.read_expected(args.expected, {c.title for c in every}, "case")
    wrong += list_limits(expected, every, args.expected)
    root = os.path.abspath(args.keep) if args.keep else tempfile.mkdtemp(prefix="conform-")
    try:
        unpack(cases, args.cases, root)
        results = suite.run_all(args, cases, lambda batch, case, target: check(batch, case, target, root))
    finally:
        if not args.keep:
            shutil.rmtree(root, ignore_errors=True)
    if args.list:
        suite.write_list(args.list, results)
    failed = suite.report(results, expected, args.show, what="cases")
    counts(results, expected)
    for c, target, _, seconds in sorted(results, key=lambda r: -r[3])[:args.slowest]:
        print(f"{seconds:6.1f} s  {c.title} ({target})")
    for text in wrong:
        print(f"error: {text}")
    return 1 if failed or wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
