"""What compare.py takes for equal, on cases made by hand."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from compare import difference, small_table  # noqa: E402


def f32(*v):
    return np.array(v, np.float32)


def v2(*bits):
    return np.array(bits, np.uint16).view("V2")


# found, wanted, element type, tolerance, and what is said ("" for nothing)
CASES = [
    (f32(1, 2), f32(1, 2), "f32", None, ""),
    (f32(1, 2.000002), f32(1, 2), "f32", None, ""),
    (f32(1, 2.000004), f32(1, 2), "f32", None, "1 of 2 elements differ, the first at [1]: 2.0000040531158447, wanted 2.0"),
    (f32(1, 2.000004), f32(1, 2), "f32", {"f32": 1e-5}, ""),
    (f32(1, 2.000004), f32(1, 2), "f32", {"f64": 1e-5}, "1 of 2 elements differ"),
    (f32(1e-7), f32(0), "f32", None, ""),
    (f32(1.5e-6), f32(0), "f32", None, "1 of 1 elements differ"),
    (f32(np.nan, np.inf, -np.inf), f32(np.nan, np.inf, -np.inf), "f32", None, ""),
    (f32(1), f32(np.nan), "f32", None, "the first at [0]: 1.0, wanted nan"),
    (f32(np.nan), f32(1), "f32", None, "the first at [0]: nan, wanted 1.0"),
    (f32(3e38), f32(np.inf), "f32", 1.0, "1 of 1 elements differ"),
    (f32(np.inf), f32(-np.inf), "f32", 1.0, "1 of 1 elements differ"),
    (np.array([1 + 3e-15]), np.array([1.0]), "f64", None, "1 of 1 elements differ"),
    (np.array([1 + 1e-15]), np.array([1.0]), "f64", None, ""),
    (np.array([[1, 2], [3, 5]]), np.array([[1, 2], [3, 4]]), "i64", {"f32": 1.0}, "1 of 4 elements differ, the first at [1, 1]: 5, wanted 4"),
    (np.array([5]), np.array([4]), "i64", 10.0, "1 of 1 elements differ"),
    (np.array([2 ** 63 - 1]), np.array([2 ** 63 - 2]), "i64", None, "1 of 1 elements differ"),
    (np.array([True]), np.array([False]), "bool", None, "1 of 1 elements differ"),
    (np.complex64([1 + 2j]), np.complex64([1 + 2.1j]), "c64", None, "1 of 1 elements differ"),
    (np.complex64([complex(np.nan, 1)]), np.complex64([complex(np.nan, 1)]), "c64", None, ""),
    (np.complex64([complex(np.nan, 1)]), np.complex64([complex(1, np.nan)]), "c64", None, "1 of 1 elements differ"),
    (v2(0x3f80), v2(0x3f81), "bf16", None, ""),                        # 1 and 1 + 2^-7
    (v2(0x3f80), v2(0x3f84), "bf16", None, "the first at [0]: 1.0, wanted 1.03125"),
    (np.array([0x38], np.uint8).view("V1"), np.array([0x40], np.uint8).view("V1"), "f8e4m3fn", None, "the first at [0]: 1.0, wanted 2.0"),
    (f32(1), f32(1, 2), "f32", None, "shape [1], wanted [2]"),
    (np.array([1.0]), f32(1), "f32", None, "element type float64, wanted float32"),
    (np.array([1], np.uint32), np.array([1], np.int32), "i32", None, "element type uint32, wanted int32"),
    (np.array(1.0), np.array(2.0), "f64", None, "the first at []: 1.0, wanted 2.0"),
    (f32(), f32(), "f32", None, ""),
]
wrong = 0
for found, wanted, dtype, tol, said in CASES:
    text = difference(found, wanted, dtype, tol) or ""
    if (said not in text) or (said == "" and text):
        print(f"{found} and {wanted} as {dtype}: '{text}', not '{said}'")
        wrong += 1
# Values that the formats' papers name.
for name, bits, value in [("f8e4m3fn", 0x7e, 448.0), ("f8e5m2", 0x7b, 57344.0), ("f8e4m3fnuz", 0x7f, 240.0), ("f8e5m2fnuz", 0x7f, 57344.0),
                          ("f8e4m3b11fnuz", 0x7f, 30.0), ("f8e4m3", 0x77, 240.0), ("f8e3m4", 0x6f, 15.5), ("f8e4m3fn", 0x01, 2.0 ** -9),
                          ("f8e5m2", 0x01, 2.0 ** -16), ("f8e4m3fn", 0xb8, -1.0)]:
    if small_table(name)[bits] != value:
        print(f"{name} {bits:#x}: {small_table(name)[bits]}, not {value}")
        wrong += 1
print(f"{len(CASES)} cases, {wrong} wrong")
sys.exit(wrong > 0)
