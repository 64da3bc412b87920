#!/usr/bin/env python3
"""Writes test/unit/narrow_values.inc from ml_dtypes (pip install ml_dtypes): for each narrow float what its bit patterns stand
for, as f32, and a hash of what three million f32 become.

The f32: every 4096th pattern, which are all numbers with 11 fraction bits, so all half-way points; and those, with their lowest
bit inverted, and with the lowest twelve set: just above and below.  NaNs are left out."""
import sys
import ml_dtypes
import numpy as np

FORMATS = ["float4_e2m1fn", "float6_e2m3fn", "float6_e3m2fn", "float8_e3m4", "float8_e4m3", "float8_e4m3fn", "float8_e4m3fnuz",
           "float8_e4m3b11fnuz", "float8_e5m2", "float8_e5m2fnuz"]


def fnv(data):
    """FNV-1a on columns: 64 hashes at once, combined in order, or this would take minutes."""
    data = np.concatenate([data, np.zeros(-len(data) % 64, np.uint8)]).reshape(-1, 64)
    h = np.full(64, 0xcbf29ce484222325, np.uint64)
    prime = np.uint64(0x100000001b3)
    for row in data:
        h = (h ^ row) * prime
    total = 0xcbf29ce484222325
    for x in h:
        total = (total ^ int(x)) * 0x100000001b3 & (1 << 64) - 1
    return total


def main():
    base = np.arange(1 << 20, dtype=np.uint32) << 12
    bits = np.concatenate([base, base | 1, base | 0xfff])
    x = bits.view(np.float32)
    x = x[~np.isnan(x)]
    out = ["/* Written by narrow_values.py from ml_dtypes. */"]
    for name in FORMATS:
        t = getattr(ml_dtypes, name)
        own = "F" + name[5:].upper().replace("_", "")
        width = int(own[1])
        values = np.arange(1 << width, dtype=np.uint8).view(t).astype(np.float32)
        known = np.where(np.isnan(values), np.uint32(0x7fc00000), values.view(np.uint32))
        with np.errstate(all="ignore"):
            y = x.astype(t)
        raw = y.view(np.uint8).copy()
        nan = np.isnan(y.astype(np.float32))
        raw[nan] = 0xff
        out.append(f"NARROW({own}, 0x{fnv(raw):016x},")
        for i in range(0, len(known), 16):
            out.append("\t" + ", ".join(f"0x{v:x}" for v in known[i:i + 16]) + ("," if i + 16 < len(known) else ")"))
    out.append("#undef NARROW")
    open(sys.argv[1], "w").write("\n".join(out) + "\n")


main()
