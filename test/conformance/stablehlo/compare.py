"""Arrays compared as JAX's own tests compare them (assertAllClose of jax._src.test_util): by a tolerance for each element type,
absolute and relative; integers exactly; complex numbers part by part; NaN equals NaN."""
import numpy as np

TOLERANCE = {"f64": 1e-15, "c128": 1e-15, "f32": 1e-6, "c64": 1e-6, "f16": 1e-3, "bf16": 1e-2,
             "f8e4m3fn": 1e-1, "f8e5m2": 1e-1, "f8e4m3fnuz": 1e-1, "f8e5m2fnuz": 1e-1, "f8e4m3b11fnuz": 1e-1, "f8e4m3": 1e-1, "f8e3m4": 1e-1}
# exponent bits, mantissa bits, bias, kind of what has no number: IEEE, FN (only all ones is NaN), UZ (only -0 is NaN)
SMALL = {"f8e4m3fn": (4, 3, 7, "FN"), "f8e5m2": (5, 2, 15, "IEEE"), "f8e4m3fnuz": (4, 3, 8, "UZ"), "f8e5m2fnuz": (5, 2, 16, "UZ"),
         "f8e4m3b11fnuz": (4, 3, 11, "UZ"), "f8e4m3": (4, 3, 7, "IEEE"), "f8e3m4": (3, 4, 3, "IEEE")}


def small_table(name):
    """The 256 values of an eight-bit float."""
    ebits, mbits, bias, kind = SMALL[name]
    table = np.zeros(256)
    for bits in range(256):
        sign, e, m = bits >> 7, bits >> mbits & (1 << ebits) - 1, bits & (1 << mbits) - 1
        x = m * 2.0 ** (1 - bias - mbits) if e == 0 else ((1 << mbits) + m) * 2.0 ** (e - bias - mbits)
        top = e == (1 << ebits) - 1
        if kind == "IEEE" and top:
            x = np.nan if m else np.inf
        elif kind == "FN" and top and m == (1 << mbits) - 1:
            x = np.nan
        elif kind == "UZ" and bits == 0x80:
            x = np.nan
        table[bits] = -x if sign else x
    return table


def numbers(a, dtype):
    """What an array of a file means: bfloat16 and eight-bit floats as f64."""
    if dtype == "bf16":
        return (a.view(np.uint16).astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    if dtype in SMALL:
        return small_table(dtype)[a.view(np.uint8)]
    return a


def position(i, shape):
    return "[" + ", ".join(str(int(k)) for k in np.unravel_index(i, shape)) + "]"


def difference(found, wanted, dtype, tol=None):
    """None, or what the first difference is.  tol: a number, or {dtype: number}, in place of TOLERANCE."""
    if found.shape != wanted.shape:
        return f"shape {list(found.shape)}, wanted {list(wanted.shape)}"
    if found.dtype.itemsize != wanted.dtype.itemsize or (found.dtype.kind != wanted.dtype.kind and "V" not in (found.dtype.kind, wanted.dtype.kind)):
        return f"element type {found.dtype}, wanted {wanted.dtype}"
    a, b = numbers(np.ascontiguousarray(found), dtype).ravel(), numbers(np.ascontiguousarray(wanted), dtype).ravel()
    each = tol.get(dtype) if isinstance(tol, dict) else tol
    each = TOLERANCE.get(dtype, 0) if each is None or dtype not in TOLERANCE else max(each, TOLERANCE[dtype])
    with np.errstate(all="ignore"):
        wrong = np.zeros(a.shape, bool)
        for x, y in ((a.real, b.real), (a.imag, b.imag)) if a.dtype.kind == "c" else ((a, b),):
            same = x == y
            if each:
                x, y = x.astype(np.float64), y.astype(np.float64)
                near = np.abs(x - y) <= each * (1 + np.abs(y))
                same = same | (near & np.isfinite(x) & np.isfinite(y)) | (np.isnan(x) & np.isnan(y))
            wrong |= ~same
    if not wrong.any():
        return None
    i = int(np.argmax(wrong))
    return f"{int(wrong.sum())} of {wrong.size} elements differ, the first at {position(i, found.shape)}: {a[i]}, wanted {b[i]}"
