#!/usr/bin/python3
"""Which ops do random graphs never use?  cover.py OPS.DEF FIRST COUNT: of the seeds FIRST ... FIRST+COUNT-1, 100 graphs each."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "gen"))
import gen  # noqa: E402  the folder must be known first

# Rows that no random graph has, and why.
NEVER = {
    "fusion": "made by the pass fuse of what it finds; every graph goes through it",
    **dict.fromkeys("all_reduce all_gather reduce_scatter all_to_all collective_permute collective_broadcast replica_id"
                    " partition_id".split(), "needs other processes; test/ops/collective.test has them"),
    **dict.fromkeys("zeta polygamma".split(), "some thousand instructions an element, on which C compilers take minutes;"
                    " test/ops/values/series.graph has them"),
    "custom_call": "needs a C function to be linked; test/e2e/custom-call.test has them",
}


def rows(path):
    with open(path, encoding="utf-8") as f:
        return re.findall(r"^(?:EW|OP|COMPOSITE|STRUCTURED)\((\w+),", f.read(), re.M)


def count(text):
    """How often each op is used."""
    made = {}
    for word in re.findall(r"(?:= |^\s*|\s)([a-z][a-z0-9_]*)(?= [%@(\[{0-9a-z-])", text, re.M):
        made[word] = made.get(word, 0) + 1
    return made


def main():
    first, n = int(sys.argv[2]), int(sys.argv[3])
    text = "".join(gen.module(seed, 100, True) for seed in range(first, first + n))
    # What stands behind "=" or begins a statement; attributes are between braces and have a "=" behind them.
    made = count(text)
    missing = [op for op in rows(sys.argv[1]) if not made.get(op) and op not in NEVER]
    for op in missing:
        print(f"no random graph uses '{op}': teach test/fuzz/gen to write it, or say in test/fuzz/cover.py why not")
    for op in NEVER:
        if op not in rows(sys.argv[1]):
            print(f"'{op}' is no op: take it out of NEVER in test/fuzz/cover.py")
            missing.append(op)
    if "-v" in sys.argv:
        for op in sorted(rows(sys.argv[1]), key=lambda op: made.get(op, 0)):
            print(f"{made.get(op, 0):6} {op}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
