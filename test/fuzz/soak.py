#!/usr/bin/python3
"""Random small graphs by the thousand: the interpreter, LLVM and C must give the same bits.

soak.py --build=DIR FIRST COUNT makes the graphs of the seeds FIRST ... FIRST+COUNT-1, 100 a seed, and runs each seed's in
one call of DIR/contract: through the passes and the interpreter, through LLVM and through C.  Which CPU options, numbers of
threads, extents and C compiler follows from the seed.  A difference is printed with the command that shows it again, and
its graphs stay in --keep=DIR.  A second --seconds=N ends the run early; a line of progress goes to --log=FILE."""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "gen"))
import gen  # noqa: E402  the folder must be known first

PER = 100
LLVM = ["v3-O0"] * 4 + ["v3-O3"] + ["v3-O0"] * 5 + ["v3-plain"] + ["v3-O0"] * 5 + ["v2-O2"]
# TinyCC takes a twentieth of the time of gcc -O0, and that a tenth of that of gcc -O2.
FAST = shutil.which("tcc")


def arguments(seed):
    """The options of contract for a seed, and the C compiler or None."""
    c, cc = "c-O0", FAST
    if seed % 512 == 3:
        c, cc = "c-O2", None
    elif seed % 64 == 11:
        cc = None
    elif seed % 8 == 6:
        c = "c-plain"
    args = [f"--configs=passes,{LLVM[seed % len(LLVM)]},{c}", "--rotate", "--sets=1", f"--first={seed // 3 % 8}", f"--seed={seed}"]
    return args + (["--bound"] if seed % 8 == 4 else []) + (["--relax"] if seed % 16 == 9 else []), cc


def run(build, args, cc, path, seconds=2000):
    """Exit code and what it printed."""
    env = dict(os.environ, **({"CC": cc} if cc else {}))
    p = subprocess.run([f"{build}/contract", f"--timeout={seconds}"] + args + [path], env=env, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, check=False)
    return p.returncode, p.stdout.decode(errors="replace")


class Soak:
    def __init__(self, o):
        self.o, self.graphs, self.compared, self.bad, self.start = o, 0, 0, 0, time.time()
        self.dir = o.keep or tempfile.mkdtemp(prefix="soak-")
        os.makedirs(self.dir, exist_ok=True)

    def log(self, text):
        if self.o.log:
            with open(self.o.log, "a", encoding="ascii", errors="replace") as f:
                f.write(text + "\n")

    def show(self, seed, args, cc, path, out):
        """One line of what is wrong with each graph, and how to see it again."""
        seen = set()
        for line in out.splitlines():
            name = re.search(r"[@'](g\d+_\d+)", line)
            if name and name[1] not in seen and len(seen) < 5:
                seen.add(name[1])
                how = f"{'CC=' + cc + ' ' if cc else ''}{self.o.build}/contract {shlex.join(args)} --only={name[1]} {path}"
                self.say(f"seed {seed}: {line[:400]}\n    {how}")
        if not seen:
            self.say(f"seed {seed}: contract fails on {path}:\n{out[:2000]}")

    def say(self, text):
        print(text, flush=True)
        self.log(text)

    def one(self, seed):
        path = os.path.join(self.dir, f"{seed}.graph")
        with open(path, "w", encoding="ascii") as f:
            f.write(gen.module(seed, PER, True))
        args, cc = arguments(seed)
        code, out = run(self.o.build, args, cc, path)
        counts = re.search(r"contract: (\d+) graphs, (\d+) results compared, (\d+) differences", out)
        if counts:
            self.graphs += int(counts[1])
            self.compared += int(counts[2])
        if code == 0 and counts and int(counts[2]) > 0:
            os.unlink(path)
            return
        self.bad += 1
        self.show(seed, args, cc, path, out)

    def progress(self, seed, every):
        if (seed - self.o.first + 1) % every == 0:
            self.log(f"{time.strftime('%H:%M:%S')} seed {seed}: {self.graphs} graphs, {self.compared} results compared, "
                     f"{self.bad} seeds with differences, {time.time() - self.start:.0f} s")

    def all(self):
        for seed in range(self.o.first, self.o.first + self.o.count):
            if self.o.seconds and time.time() - self.start > self.o.seconds:
                break
            self.one(seed)
            self.progress(seed, 10)
        print(f"soak: {self.graphs} graphs, {self.compared} results compared, {self.bad} seeds with differences")
        if not self.bad and not self.o.keep:
            os.rmdir(self.dir)
        return self.bad > 0


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--build", required=True)
    p.add_argument("--keep")
    p.add_argument("--log")
    p.add_argument("--seconds", type=int, default=0)
    p.add_argument("first", type=int)
    p.add_argument("count", type=int)
    sys.exit(Soak(p.parse_args()).all())
