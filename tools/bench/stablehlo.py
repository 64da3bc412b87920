#!/usr/bin/env python3
"""The programs of test/conformance/stablehlo beside XLA:CPU, one thread each, in one run.

Usage: stablehlo.py BUILD_DIR [REGEX of GROUP/NAME] [--part K/N]     (needs JAX: test/requirements.txt)

Both compile the same text.  Times are of the CPU for one call, the best of three rounds; XLA's is that of a call from Python
less what an empty program takes, and at least a microsecond.  The report ends with the ten worst by ratio; a program slower
than twenty times XLA makes the exit code 1.
"""
import argparse
import os
import re
import shutil
import sys
import tempfile
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import ml_dtypes
import numpy as np
from jax._src import xla_bridge

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SET = os.path.join(ROOT, "test/conformance/stablehlo")
sys.path.insert(0, SET)
import run as conformance

ROUND, LEAST, LIMIT = 0.01, 1e-6, 20
EMPTY = "module { func.func public @main(%a: tensor<f32>) -> tensor<f32> { return %a : tensor<f32> } }"
SMALL = {"bf16": ml_dtypes.bfloat16, "i4": ml_dtypes.int4, "u4": ml_dtypes.uint4, "f8e4m3fn": ml_dtypes.float8_e4m3fn, "f8e5m2": ml_dtypes.float8_e5m2,
         "f8e4m3fnuz": ml_dtypes.float8_e4m3fnuz, "f8e5m2fnuz": ml_dtypes.float8_e5m2fnuz, "f8e4m3b11fnuz": ml_dtypes.float8_e4m3b11fnuz}


def xla_seconds(text, arrays):
    """Of a call from Python; None if it is refused (symbolic sizes, ...)."""
    client = xla_bridge.get_backend("cpu")
    devices = client.devices()[:1]
    try:
        program = client.compile_and_load(text, tuple(devices))
        buffers = [jax.device_put(a, devices[0]) for a in arrays]
        program.execute(buffers)
    except Exception:  # whatever XLA says, there is nothing to compare with
        return None
    best, calls, rounds = 1e9, 1, 0
    while rounds < 3:
        start = time.process_time()
        for _ in range(calls):
            out = program.execute(buffers)
        for a in out:
            a.block_until_ready()
        took = time.process_time() - start
        if took < ROUND / 2:
            calls *= 2
            continue
        best, rounds = min(best, took / calls), rounds + 1
    return best


def arrays_of(root, p):
    out = []
    for i, dtype in enumerate(p.entry["in"]):
        a = np.load(os.path.join(root, p.group, f"{p.name}.in{i}.npy"))
        if dtype in SMALL:
            a = a.astype(SMALL[dtype]) if dtype in ("i4", "u4") else a.view(SMALL[dtype])
        out.append(a)
    return out


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("build")
    a.add_argument("filter", nargs="?", default="")
    a.add_argument("--part", default="0/1")
    args = a.parse_args()
    jax.config.update("jax_enable_x64", True)
    jax.numpy.linalg.cholesky(np.eye(2))    # from then on XLA knows LAPACK's calls
    programs = conformance.read_programs(os.path.join(SET, "programs"), args.filter, args.part)
    root = tempfile.mkdtemp(prefix="bench-")
    rows, without = [], 0
    empty = xla_seconds(EMPTY, [np.float32(1)])
    try:
        conformance.unpack(programs, os.path.join(SET, "programs"), root)
        batch = conformance.suite.Batch(args.build, 120, str(ROUND))
        for p in programs:
            base = os.path.join(root, p.group, p.name)
            with open(base + ".mlir", encoding="utf-8") as f:
                # Without what an argument is given away for: it is passed again and again.
                theirs = xla_seconds(re.sub(r"(tf\.aliasing_output|jax\.buffer_donor) = [^,}]*", "jax.seen = true", f.read()), arrays_of(root, p))
            if batch.run("cpu", base + ".mlir", base) or theirs is None:
                without += 1
                continue
            with open(base + ".time", encoding="ascii") as f:
                ours = float(f.read())
            theirs = max(theirs - empty, LEAST)
            rows.append((ours / theirs, ours, theirs, p.title))
            print(f"{p.title:50} {ours * 1e6:10.2f} us {theirs * 1e6:10.2f} us {ours / theirs:8.2f}", flush=True)
        batch.close()
    finally:
        shutil.rmtree(root, ignore_errors=True)
    rows.sort(reverse=True)
    print(f"\n{len(rows)} programs, {without} without a time of both; an empty program takes XLA {empty * 1e6:.1f} us.  The ten worst:")
    for ratio, ours, theirs, title in rows[:10]:
        print(f"{title:50} {ours * 1e6:10.2f} us {theirs * 1e6:10.2f} us {ratio:8.2f}")
    return 1 if rows and rows[0][0] > LIMIT else 0


sys.exit(main())
