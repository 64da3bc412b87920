"""What differ.py takes for equal, on cases made by hand."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from differ import difference, numbers  # noqa: E402


def f32(*v):
    return np.array(v, np.float32)


def bf16(*v):
    return (np.array(v, np.float32).view(np.uint32) >> 16).astype(np.uint16).view("V2")


# found, wanted, element type, and what is said ("" for nothing)
CASES = [
    (f32(1, 1.0009), f32(1, 1), "f32", ""),
    (f32(1, 1.0011), f32(1, 1), "f32", "1 of 2 elements differ, the first at [1]"),
    (f32(9e-8), f32(0), "f32", ""),
    (f32(2e-7), f32(0), "f32", "1 of 1 elements differ"),
    (f32(np.nan, np.inf), f32(np.nan, np.inf), "f32", ""),
    (f32(np.inf), f32(3e38), "f32", "1 of 1 elements differ"),
    (f32(1), f32(np.nan), "f32", "1 of 1 elements differ"),
    (f32(1), f32(1, 1), "f32", "shape [1], wanted [2]"),
    (f32(1), np.array([1.0]), "f64", "element type float32, wanted float64"),
    (bf16(1.0), bf16(1.0078125), "bf16", ""),
    (bf16(1.0), bf16(1.03125), "bf16", "1 of 1 elements differ"),
    (np.array([1000]), np.array([1001]), "i64", ""),                    # tolerances are for integers, too
    (np.array([1000]), np.array([1002]), "i64", "1 of 1 elements differ"),
    (np.array([2 ** 63 - 1]), np.array([-2 ** 63]), "i64", "1 of 1 elements differ"),
    (np.array([200], np.uint8), np.array([3], np.uint8), "u8", "1 of 1 elements differ"),
    (np.array([True]), np.array([False]), "bool", "1 of 1 elements differ"),
    (np.complex64([1 + 2j]), np.complex64([1 + 2.1j]), "c64", "1 of 1 elements differ"),
]
wrong = 0
for found, wanted, dtype, said in CASES:
    text = difference(found, wanted, dtype) or ""
    if (said not in text) or (said == "" and text):
        print(f"{found} and {wanted} as {dtype}: '{text}', not '{said}'")
        wrong += 1
for dtype, bits, value in [("f4e2m1fn", 0x7, 6.0), ("f4e2m1fn", 0x9, -0.5), ("f8e8m0fnu", 127, 1.0), ("f8e8m0fnu", 0, 2.0 ** -127), ("f8e4m3fn", 0x7e, 448.0)]:
    if numbers(np.array([bits], np.uint8), dtype)[0] != value:
        print(f"{dtype} {bits:#x} is not {value}")
        wrong += 1
print(f"{len(CASES)} cases, {wrong} wrong")
sys.exit(wrong > 0)
