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
import subprocess
import sys
import tempfile
import threading
import zipfile

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
from compare import difference  # noqa: E402

TARGETS = {"interp": "interp", "llvm": "cpu", "c": "c"}


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


class Batch:
    """A process that runs one program after the other."""
    def __init__(self, build, seconds, *more):
        self.command = [os.path.join(build, "conform-batch"), str(seconds), *more]
        self.process = None

    def run(self, target, model, prefix):
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{target}\t{model}\t{prefix}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline() or 255)

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def said(log):
    """The first error of a compiler's output, and the output."""
    try:
        with open(log, encoding="utf-8", errors="replace") as f:
            text = f.read()
    except OSError:
        text = ""
    m = re.search(r"(?:error|bug)[^:]*: (.*)", text)
    return (m[1] if m else text.strip().split("\n")[-1]), text


def kind_of(message):
    """The message without what differs from program to program."""
    message = re.sub(r"'[^']*'", lambda m: m[0] if re.fullmatch(r"'[\w.]+'", m[0]) else "'...'", message)
    message = re.sub(r"[%@][\w.#\"]+", "%", message)
    message = re.sub(r"tensor<[^ ]*>", "tensor<...>", message)
    return re.sub(r"\b\d[\d.e+-]*\b", "N", message)


def check(batch, target, p, root):
    """None, or the kind of failure and what is to be said of it."""
    base = os.path.join(root, p.group, p.name)
    prefix = f"{base}.{target}"
    for i in range(len(p.entry["in"])):
        link = f"{prefix}.in{i}.npy"
        if not os.path.exists(link):
            os.symlink(f"{p.name}.in{i}.npy", link)
    code = batch.run(TARGETS[target], base + ".mlir", prefix)
    if code:
        message, _ = said(prefix + ".log")
        if code == 124:
            message = "takes too long"
        elif code >= 128:
            message = f"killed by signal {code - 128}: {message}"
        return f"exit code {code}: {kind_of(message)}", message
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


def read_expected(path, programs):
    """title -> target -> reason; and what is wrong with the list itself."""
    expected, wrong = {}, []
    titles = {p.title for p in programs}
    with open(path, encoding="utf-8") as f:
        for line in f:
            words = line.split(None, 2)
            if not words or line.startswith("#"):
                continue
            if len(words) < 3 or not set(words[1].split(",")) <= set(TARGETS):
                wrong.append(f"{os.path.basename(path)}: a line is GROUP/NAME TARGETS REASON: {line.strip()}")
            elif words[0] not in titles:
                wrong.append(f"{os.path.basename(path)}: there is no program {words[0]}")
            else:
                expected[words[0]] = dict.fromkeys(words[1].split(","), words[2].strip())
    if len(expected) > len(titles) // 100:
        wrong.append(f"{os.path.basename(path)}: {len(expected)} programs; at most {len(titles) // 100}, one in a hundred, may be there")
    return expected, wrong


def run_all(args, programs, root):
    """[(program, target, failure or None)], in order."""
    work = [(p, t) for p in programs for t in args.target.split(",")]
    results, lock, at = {}, threading.Lock(), iter(range(len(work)))

    def worker():
        batch = Batch(args.build, args.seconds)
        while True:
            with lock:
                i = next(at, None)
            if i is None:
                break
            p, t = work[i]
            try:
                results[i] = check(batch, t, p, root)
            except Exception as e:  # of ours: say so, and go on
                results[i] = f"run.py: {type(e).__name__}", str(e)
        batch.close()

    threads = [threading.Thread(target=worker) for _ in range(args.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [(p, t, results[i]) for i, (p, t) in enumerate(work)]


def report(results, expected, show, may_refuse):
    groups = collections.defaultdict(list)
    failed = passed = known = refused = 0
    surprises = []
    for p, target, failure in results:
        reason = expected.get(p.title, {}).get(target)
        if failure and reason:
            known += 1
        elif failure and failure[0].startswith("exit code 2:") and failure[0].endswith("is not supported"):
            refused += 1
            groups[failure[0]].append((p.title, target, failure[1]))
        elif failure:
            failed += 1
            groups[failure[0]].append((p.title, target, failure[1]))
        else:
            passed += 1
            if reason:
                surprises.append(f"{p.title} passes on {target}: take it off expected-failures.txt")
    for kind, members in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        print(f"\n{len(members)} x {kind}")
        for title, target, message in members[:show]:
            print(f"    {title} ({target}): {message}")
        if len(members) > show:
            print(f"    and {len(members) - show} more")
    if may_refuse is None:
        failed, refused = failed + refused, 0
    elif refused > may_refuse:
        surprises.append(f"{refused} programs are refused; --refused says at most {may_refuse}")
    for text in surprises:
        print(f"error: {text}")
    print(f"{passed} passed, {failed + len(surprises)} failed, {known} expected failures" + (f", {refused} refused" if refused else ""))
    return failed + len(surprises)


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
    expected, wrong = read_expected(args.expected, every)
    root = args.keep or tempfile.mkdtemp(prefix="conform-")
    try:
        unpack(programs, args.programs, root)
        results = run_all(args, programs, root)
    finally:
        if not args.keep:
            shutil.rmtree(root, ignore_errors=True)
    if args.list:
        with open(args.list, "w", encoding="utf-8") as f:
            f.writelines(f"{p.title} {t} {' '.join(r[1].split()) or r[0]}\n" for p, t, r in results if r)
    failed = report(results, expected, args.show, args.refused)
    for text in wrong:
        print(f"error: {text}")
    return 1 if failed or wrong or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
