"""Writes parts.graph, with so many different kernels that its object is made of several parts, and x.npy for it.
Usage: parts.py DIR KERNELS"""
import os, random, sys

import numpy as np

out, n = sys.argv[1], int(sys.argv[2])
random.seed(7)
lines = ["graph @parts(%x0: f32[N, 64]) -> (%y: f32[N, 64]) {"]
for i in range(n):
    v = f"%p{i}"
    lines.append(f"  {v} = pad %x{i}, 0.0 {{low = [0, 0], high = [0, {i % 9}]}}")
    for j in range(6):
        op, w = random.choice(["add", "mul", "sub", "max", "tanh", "exp"]), f"%q{i}_{j}"
        lines.append(f"  {w} = {op} {v}" + ("" if op in ("tanh", "exp") else f", {random.random():.3f}"))
        v = w
    lines.append(f"  %z{i} = slice {v} {{start = [0, 0], limit = [N, 64]}}")
    lines.append(f"  %s{i} = softmax %z{i}\n  %x{i + 1} = add %s{i}, %x{i}")
lines.append(f"  return %x{n}\n}}")
with open(os.path.join(out, "parts.graph"), "w") as f:
    f.write("\n".join(lines) + "\n")
np.save(os.path.join(out, "x.npy"), np.linspace(-2, 2, 5 * 64, dtype=np.float32).reshape(5, 64))
