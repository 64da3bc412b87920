"""Writes graphs of long chains, and x.npy for them.  Usage: fusions.py DIR"""
import os, sys

import numpy as np


def write(name, ops, tail):
    lines, v = ["graph @f(%x: f32[N, 64]) -> (%y: f32[N, 64]) {"], "%x"
    for i in range(ops):
        lines.append(f"  %v{i} = {('add', 'mul', 'sub')[i % 3]} {v}, {1 + i / 256}")
        v = f"%v{i}"
    with open(os.path.join(sys.argv[1], name), "w") as f:
        f.write("\n".join(lines + [line.replace("%v", v) for line in tail]) + "\n}\n")


kept = ["  %m = reduce_max %v {dims = [1], keepdims = true}", "  %y = sub %v, %m", "  return %y"]
write("many.graph", 300, kept)
write("chain.graph", 12, kept)
write("short.graph", 2, kept)
np.save(os.path.join(sys.argv[1], "x.npy"), np.linspace(-1, 1, 192, dtype=np.float32).reshape(3, 64))
