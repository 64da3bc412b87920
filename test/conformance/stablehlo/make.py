#!/usr/bin/env python3
"""Makes the programs of this folder with JAX: StableHLO text, inputs, and the outputs that JAX computes for them.

    python -m venv venv && venv/bin/pip install -r test/requirements.txt
    venv/bin/python test/conformance/stablehlo/make.py [GROUP ...]

A group is a file cases/GROUP.py; its programs go to programs/GROUP.zip (store.py).  The same JAX gives the same bytes.
"""
import importlib
import os
import re
import sys
import time
import zlib

# Rounding to f16 and bf16 is kept where the program says so; and the flags that make small programs compile fast.
os.environ["XLA_FLAGS"] = ("--xla_allow_excess_precision=false --xla_cpu_multi_thread_eigen=false "
                           "--xla_backend_optimization_level=1")
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import ml_dtypes  # noqa: E402
import numpy as np  # noqa: E402

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
from store import DTYPES, NAMES, Programs  # noqa: E402

WIDE = {"i64", "u64", "f64", "c128"}


def numbers(rng, dtype, shape, low, high):
    """Random numbers of a type; all distinct enough that nothing hangs on ties of floats."""
    if dtype == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    if dtype[0] in "iu":
        low = (0 if dtype[0] == "u" else -5) if low is None else int(low)
        high = 9 if high is None else int(high)
        if dtype in ("i4", "u4", "i2", "u2"):
            info = ml_dtypes.iinfo(DTYPES[dtype])
            low, high = max(low, int(info.min)), min(high, int(info.max))
        return rng.integers(low, high, shape, endpoint=True).astype(DTYPES[dtype])
    low, high = -2.0 if low is None else low, 2.0 if high is None else high
    if dtype in ("c64", "c128"):
        return (rng.uniform(low, high, shape) + 1j * rng.uniform(low, high, shape)).astype(DTYPES[dtype])
    return np.asarray(rng.uniform(low, high, shape)).astype(DTYPES[dtype])


def tensor(spec, rng):
    """'f32[3,4]' or 'f32[3,4] 0.5..2': random numbers.  Anything else is taken as it is."""
    if not isinstance(spec, str):
        return np.asarray(spec)
    m = re.fullmatch(r"(\w+)\[([\d,]*)\](?: (\S+)\.\.(\S+))?", spec)
    if not m:
        raise ValueError(f"'{spec}' is no tensor")
    shape = tuple(int(d) for d in m[2].split(",") if d)
    return numbers(rng, m[1], shape, m[3] and float(m[3]), m[4] and float(m[4]))


def is_subnormal(a):
    """Has the array subnormal numbers?  XLA:CPU flushes them, so its results are no measure there."""
    if a.dtype.kind == "c":
        return is_subnormal(a.real) or is_subnormal(a.imag)
    if NAMES.get(a.dtype, "")[:1] not in "fb" or a.dtype == np.bool_ or NAMES[a.dtype].startswith("f8"):
        return False
    tiny = {2: 2.0 ** -14, 4: 2.0 ** -126, 8: 2.0 ** -1022}[a.dtype.itemsize]
    if a.dtype == ml_dtypes.bfloat16:
        tiny = 2.0 ** -126
    x = np.abs(a.astype(np.float64))
    return bool(np.any((x > 0) & (x < tiny)))


class Group(Programs):
    def __init__(self, name, only):
        super().__init__(name)
        self.only, self.failed, self.seen = only, [], set()

    def add(self, name, fn, *args, tol=None, form="pretty", x64=None, want=None, jit=None, subnormal=False, main=None):
        """One program: fn of args (specifications of tensors, or arrays; pytrees of them).

        tol: a number, or {dtype: number}, instead of the tolerances of JAX's tests.  form: pretty, generic, or
        locations.  want: computes the outputs with NumPy, where XLA:CPU's are no measure.  jit: options of jax.jit.
        main: the text, where it is not that of jax.jit(fn).lower().
        """
        if name in self.seen:
            raise ValueError(f"two programs {name}")
        self.seen.add(name)
        if self.only and not re.search(self.only, name):
            return
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        args = jax.tree.map(lambda s: tensor(s, rng), args)
        flat = jax.tree.leaves(args)
        if x64 is None:
            x64 = any(NAMES[a.dtype] in WIDE for a in flat)
        try:
            with jax.enable_x64(x64):
                text, out, flat = self.compute(fn, args, form, jit or {}, main)
        except Exception as e:  # one case that this JAX cannot do must not hide the others
            self.failed.append(f"{name}: {type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}")
            return
        if want is not None:
            out = [np.asarray(a) for a in jax.tree.leaves(want(*args))]
        elif not subnormal and any(is_subnormal(a) for a in [*flat, *out]):
            self.failed.append(f"{name}: has subnormal numbers")
            return
        self.store(name, text, flat, out, tol)

    @staticmethod
    def compute(fn, args, form, options, main):
        if main:
            text = main(*args)
            out = jax.jit(fn, **options)(*args)
            used = None
        else:
            lowered = jax.jit(fn, **options).lower(*args)
            # Arguments that are not used are not in the text.
            used = lowered._lowering.compile_args.get("kept_var_idx")
            if form == "generic":
                text = lowered.compiler_ir().operation.get_asm(print_generic_op_form=True)
            else:
                text = lowered.as_text(debug_info=form == "locations")
            out = lowered.compile()(*args)
        flat = jax.tree.leaves(args)
        if used is not None:
            flat = [a for i, a in enumerate(flat) if i in used]
        # Locations name files of this machine: only their ends stay.
        text = re.sub(r'"/[^"\n]*/(site-packages/|stablehlo/cases/|stablehlo/make)', r'"\1', text)
        return text, [np.asarray(a) for a in jax.tree.leaves(out)], flat


def main():
    only = None
    words = sys.argv[1:]
    if words and words[0].startswith("--only="):
        only = words.pop(0)[7:]
    names = words or sorted(f[:-3] for f in os.listdir(os.path.join(here, "cases")) if f.endswith(".py"))
    folder = os.path.join(here, "programs")
    os.makedirs(folder, exist_ok=True)
    programs = size = 0
    for name in names:
        start = time.time()
        group = Group(name, only)
        importlib.import_module("cases." + name).cases(group.add)
        for text in group.failed:
            print(f"left out: {text}")
        programs += len(group.index)
        if not only:
            size += group.write(folder)
        print(f"{name}: {len(group.index)} programs, {time.time() - start:.0f} s", flush=True)
    print(f"{programs} programs, {size} bytes")


if __name__ == "__main__":
    main()
