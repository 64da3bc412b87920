#!/usr/bin/env python3
"""Into the folder given, with inputs and wanted results.  long.graph: more steps than one function should have, in a row, in a
loop, in a branch, and in a graph that is called.  dims.graph: as many expressions of dimensions.  Every value is a small
integer, so that float sums are exact."""
import os
import sys

import numpy as np


def turns(name, start, n):
    """n steps that turn the axes and change a sign: a shift by a permutation keeps values small, whatever n is."""
    lines, v = [], start
    for i in range(n):
        lines.append(f"  %{name}{i} = matmul {v}, @w")
        v = f"%{name}{i}"
    return lines, v


out = ["weight @w : f32[4, 4] = [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [-1, 0, 0, 0]]"]
lines, v = turns("i", "%x", 230)
out += ["graph @inner(%x: f32[M<=64, 4]) -> (%y: f32[M, 4]) {", *lines, f"  return {v}", "}"]
out += ["graph @long(%p: bool[], %n: i32[], %x: f32[N, 4]) -> (%y: f32[N, 4]) {"]
lines, v = turns("a", "%x", 450)
out += lines + [f"  %c = call @inner({v})"]
yes, in_yes = turns("t", "%c", 260)
no, in_no = turns("e", "%c", 3)
out += ["  %b = cond %p then {", *yes, f"  yield {in_yes}", "  } else {", *no, f"  yield {in_no}", "  }"]
body, v = turns("l", "%lv", 310)
out += ["  %zero = constant 0 : i32[]", "  %k, %y = while (%zero, %b) cond (%i: i32[], %v: f32[N, 4]) {",
        "    %go = compare %i, %n {dir = lt}", "    yield %go", "  } do (%li: i32[], %lv: f32[N, 4]) {",
        "    %next = add %li, 1", *body, f"    yield %next, {v}", "  }", "  return %y", "}"]
with open(os.path.join(sys.argv[1], "long.graph"), "w", encoding="utf-8") as f:
    f.write("\n".join(out) + "\n")

w = np.zeros((4, 4))
w[0, 1] = w[1, 2] = w[2, 3] = 1
w[3, 0] = -1
x = np.arange(12, dtype=np.float32).reshape(3, 4)
np.save(os.path.join(sys.argv[1], "x.npy"), x)
np.save(os.path.join(sys.argv[1], "many.npy"), np.zeros((65, 4), np.float32))
for p, steps in ((True, 450 + 230 + 260 + 2 * 310), (False, 450 + 230 + 3 + 2 * 310)):
    np.save(os.path.join(sys.argv[1], f"p{int(p)}.npy"), np.array(p))
    np.save(os.path.join(sys.argv[1], f"want{int(p)}.npy"), (x @ np.linalg.matrix_power(w, steps)).astype(np.float32) + 0.0)
np.save(os.path.join(sys.argv[1], "n.npy"), np.array(2, np.int32))

lines, v = [], "%x"
for i in range(120):
    lines += [f"  %s{i} = slice {v} {{start = [1, 0], limit = [N{'-' + str(i) if i else ''}, 4]}}", f"  %m{i} = matmul %s{i}, @w"]
    v = f"%m{i}"
with open(os.path.join(sys.argv[1], "dims.graph"), "w", encoding="utf-8") as f:
    f.write("\n".join([out[0], "graph @dims(%x: f32[N, 4]) -> (%y: f32[N-120, 4]) {", *lines, f"  return {v}", "}"]) + "\n")
x = (np.arange(130 * 4) % 101).astype(np.float32).reshape(130, 4)
np.save(os.path.join(sys.argv[1], "rows.npy"), x)
np.save(os.path.join(sys.argv[1], "few.npy"), x[:119])
np.save(os.path.join(sys.argv[1], "want.npy"), (x[120:] @ np.linalg.matrix_power(w, 120)).astype(np.float32) + 0.0)
