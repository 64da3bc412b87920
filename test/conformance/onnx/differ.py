"""Arrays compared as the ONNX package's runner compares them (assert_similar_outputs): the same shape, the same element type, and
|found - wanted| <= atol + rtol * |wanted|, where an infinity is only near itself and NaN equals NaN.  bfloat16 has a relative tolerance of
two units in the last place, as there."""
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "stablehlo"))
import compare  # noqa: E402

RTOL, ATOL = 1e-3, 1e-7
BF16_RTOL = 2.0 ** -6


def numbers(a, dtype):
    """What an array of a file means."""
    if dtype == "f4e2m1fn":
        table = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])
        bits = a.view(np.uint8)
        return np.where(bits & 8, -table[bits & 7], table[bits & 7])
    if dtype == "f8e8m0fnu":
        bits = a.view(np.uint8)
        return np.where(bits == 255, np.nan, 2.0 ** (bits.astype(np.float64) - 127))
    return compare.numbers(a, dtype)


def difference(found, wanted, dtype, rtol=RTOL, atol=ATOL):
    """None, or what the first difference is."""
    if found.shape != wanted.shape:
        return f"shape {list(found.shape)}, wanted {list(wanted.shape)}"
    if found.dtype != wanted.dtype:
        return f"element type {found.dtype}, wanted {wanted.dtype}"
    a, b = numbers(np.ascontiguousarray(found), dtype).ravel(), numbers(np.ascontiguousarray(wanted), dtype).ravel()
    if dtype == "bf16":
        rtol = max(rtol, BF16_RTOL)
    with np.errstate(all="ignore"):
        if a.dtype.kind in "iub":
            # As numbers of any size: u64 and i64 have more digits than f64.
            low, high = np.minimum(a, b), np.maximum(a, b)
            far = (high ^ low if a.dtype.kind == "b" else (high.astype(np.uint64) - low.astype(np.uint64))).astype(np.float64)
            wrong = far > atol + rtol * np.abs(b.astype(np.float64))
        else:
            wrong = ~np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
    if not wrong.any():
        return None
    i = int(np.argmax(wrong))
    return f"{int(wrong.sum())} of {wrong.size} elements differ, the first at {compare.position(i, found.shape)}: {a[i]}, wanted {b[i]}"
