#!/usr/bin/python3
"""Writes the .npy files beside this script by NumPy itself: for every element type the values of values(), in several forms."""
import io
import os
import sys

import numpy as np

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "npy")


def values(dtype):
    """[2, 3]: 0, 1, 2, 3, 100, 1.5 (or 5, or true), as test/unit/npy_test.c knows them."""
    if dtype == "b1":
        return np.array([[0, 1, 1, ], [1, 1, 1]], dtype="|b1")
    last = 1.5 if dtype[0] == "f" else 5
    return np.array([[0, 1, 2], [3, 100, last]], dtype=dtype)


def save(name, array, **options):
    with open(os.path.join(here, name + ".npy"), "wb") as f:
        np.lib.format.write_array(f, array, **options)


for dtype in ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"):
    save(dtype, values(dtype))
save("fortran", np.asfortranarray(values("f4")))
save("big_endian", values("f4").astype(">f4"))
save("big_fortran", np.asfortranarray(values("i2").astype(">i2")))
save("version2", values("f4"), version=(2, 0))
save("version3", values("f4"), version=(3, 0))
save("scalar", np.float32(1.5).reshape(()))
save("one", np.array([1.5], dtype="f4"))
save("empty", np.zeros((2, 0, 3), dtype="f4"))
bf16 = (values("f4").view("u4") >> 16).astype("u2")
save("bf16_v2", bf16.view("V2"))
save("bf16_u2", bf16)
numbers = np.array([[0, 1j, 2], [3 - 1.5j, 100, 1.5]])
save("c8", numbers.astype("<c8"))
save("c16_big", np.asfortranarray(numbers.astype(">c16")))
save("rank16", np.ones((1,) * 16, dtype="i1"))
# What must be refused.
save("rank17", np.ones((1,) * 17, dtype="i1"))
save("complex16", np.ones((1,) * 16, dtype="c8"))
save("record", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
save("text", np.array(["ab"], dtype="<U2"))
bad = values("b1").view("u1").copy()
bad[1, 2] = 7
save("bad_bool", bad.view("|b1"))
