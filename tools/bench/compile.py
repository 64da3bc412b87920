#!/usr/bin/env python3
"""How long the compiler takes, and how the time grows with the model; peak memory with large weights.

Usage: compile.py BUILD_DIR [RUNS]        (needs numpy)

Rows: digits; n equal blocks of 8 ops (few kernels, many launches); n distinct fusions of 21 ops, plain ones and ones with
padding, exp, tanh and softmax (many kernels); half and twice the size, for the growth; a model of 400 MB of weights.
Each time is the least of RUNS (3), for one CPU (x86-64-v3) and for the default two.  "cpu s" is processor time of all
threads: what is left to compare when others use the machine.
"""
import json, os, random, sys, tempfile, time

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def equal_blocks(n):
    out = ["weight @w : f32[64, 64] = ones", "weight @b : f32[64] = ones", "graph @f(%x0: f32[N, 64]) -> (%y: f32[N, 64]) {"]
    for i in range(n):
        out.append(f"  %a{i} = dense %x{i}, @w, @b\n  %r{i} = relu %a{i}\n  %t{i} = tanh %r{i}\n  %m{i} = mul %t{i}, 0.5\n"
                   f"  %s{i} = add %m{i}, %x{i}\n  %u{i} = sub %s{i}, 0.25\n  %v{i} = max %u{i}, -1.0\n  %x{i + 1} = min %v{i}, 1.0")
    return "\n".join(out + [f"  return %x{n}", "}", ""])


def chain(rng, i, v, length, unary):
    out = []
    for j in range(length):
        op = rng.choice(unary) if rng.random() < 0.3 else None
        w = f"%q{i}_{j}"
        out.append(f"  {w} = {op} {v}" if op else f"  {w} = {rng.choice(['add', 'mul', 'sub', 'max', 'min'])} {v}, {rng.random():.3f}")
        v = w
    return out, v


def plain_fusions(n):
    rng, out = random.Random(1), ["graph @f(%x0: f32[N, 64]) -> (%y: f32[N, 64]) {"]
    for i in range(n):
        ops, v = chain(rng, i, f"%x{i}", 19, ["neg", "abs", "floor", "ceil", "sqrt"])
        out += ops + [f"  %s{i} = reduce_max {v} {{dims = [1], keepdims = true}}", f"  %x{i + 1} = add {v}, %s{i}"]
    return "\n".join(out + [f"  return %x{n}", "}", ""])


def padded_fusions(n):
    rng, out = random.Random(1), ["graph @f(%x0: f32[N, 64]) -> (%y: f32[N, 64]) {"]
    for i in range(n):
        ops, v = chain(rng, i, f"%p{i}", 17, ["neg", "abs", "floor", "ceil", "sqrt", "tanh", "exp"])
        out += [f"  %p{i} = pad %x{i}, 0.0 {{low = [0, 0], high = [0, {i + 1}]}}"] + ops
        out += [f"  %z{i} = slice {v} {{start = [0, 0], limit = [N, 64]}}", f"  %s{i} = softmax %z{i}", f"  %x{i + 1} = add %s{i}, %x{i}"]
    return "\n".join(out + [f"  return %x{n}", "}", ""])


def large_weights(folder, layers=25, n=2048):
    entry = {f"w{i}": {"dtype": "F32", "shape": [n, n], "data_offsets": [4 * n * n * i, 4 * n * n * (i + 1)]} for i in range(layers)}
    head = json.dumps(entry).encode()
    with open(os.path.join(folder, "large.safetensors"), "wb") as f:
        f.write(len(head).to_bytes(8, "little") + head)
        for i in range(layers):
            f.write(np.full(n * n, i, np.float32).tobytes())
    out = ['weights "large.safetensors"'] + [f"weight @w{i} : f32[{n}, {n}]" for i in range(layers)]
    out.append(f"graph @f(%x0: f32[N, {n}]) -> (%y: f32[N, {n}]) {{")
    out += [f"  %x{i + 1} = matmul %x{i}, @w{i}" for i in range(layers)]
    return "\n".join(out + [f"  return %x{layers}", "}", ""])


def compile_once(tfcc, graph, cpu, out):
    """Seconds, seconds of all threads, MB at the peak."""
    start = time.perf_counter()
    pid = os.spawnv(os.P_NOWAIT, tfcc, [tfcc, graph, "-o", out, "--prefix", "m"] + cpu)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"compile.py: tfcc failed on {graph}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    tfcc, runs = os.path.join(sys.argv[1], "tfcc"), int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        rows = [("digits", os.path.join(ROOT, "docs/examples/digits/digits.graph"))]
        for name, make, n in (("equal blocks", equal_blocks, 1250), ("distinct fusions", plain_fusions, 500),
                              ("fusions with pad, exp, tanh", padded_fusions, 500)):
            for k in (n // 2, n, 2 * n):
                rows.append((f"{k} {name}", os.path.join(folder, f"{name.replace(' ', '_').replace(',', '')}{k}.graph")))
                with open(rows[-1][1], "w") as f:
                    f.write(make(k))
        rows.append(("weights of 400 MB", os.path.join(folder, "large.graph")))
        with open(rows[-1][1], "w") as f:
            f.write(large_weights(folder))
        print(f"{'':36}{'x86-64-v3':^26}{'default (v3 and v4)':^26}")
        print(f"{'':36}" + f"{'s':>8}{'cpu s':>8}{'MB':>8}  " * 2)
        for name, path in rows:
            line = f"{name:36}"
            for cpu in (["--cpu=x86-64-v3"], []):
                r = [compile_once(tfcc, path, cpu, os.path.join(folder, "m.o")) for _ in range(runs)]
                line += "{:8.2f}{:8.2f}{:8.0f}  ".format(*(min(x) for x in zip(*r)))
            print(line, flush=True)


main()
