"""Cases of quantize_linear and dequantize_linear, in float32 (a float16 scale: computed in float32, rounded at the end)."""
import numpy as np

import elementwise as ew
import narrow as nw
from emit import DTYPES, File, T


def stored(x, t):
    return nw.narrow(x, t) if t in nw.NARROW else T(x, t)


def limits(t):
    return nw.RANGE[t] if t in nw.RANGE else ew.limits(t)


def over(s, x, axis, block):
    """A scale, at every element of x."""
    s = s.x if isinstance(s, T) else s
    if s.ndim == 0:
        return np.broadcast_to(s, x.shape)
    if block:
        return np.take(np.repeat(s, block, axis), range(x.shape[axis]), axis)
    return np.broadcast_to(s.reshape([-1 if i == axis else 1 for i in range(x.ndim)]), x.shape)


def quantize(x, scale, zero, t, axis=-1, block=0, low_high=None, round_sum=False, saturate=True):
    axis %= max(x.x.ndim, 1)
    with np.errstate(all="ignore"):
        y = x.x.astype(np.float32) / over(scale, x.x, axis, block).astype(np.float32)
        if t in nw.FORMATS:
            most = np.float32(nw.finite(t)[-1])
            return nw.narrow(np.clip(y, -most, most).astype(np.float64) if saturate else y.astype(np.float64), t)
        if not round_sum:
            y = np.rint(y)
        if zero is not None:
            y = y + over(zero, x.x, axis, block).astype(np.float32)
        if low_high:
            y = np.clip(y, np.float32(low_high[0]), np.float32(low_high[1]))
        if round_sum:
            y = np.rint(y)
    lo, hi = limits(t)
    y = [0 if np.isnan(v) else lo if v <= lo else hi if v >= hi else int(v) for v in y.ravel().tolist()]
    return stored(np.array(y, object).reshape(x.x.shape), t)


def dequantize(q, scale, zero, axis=-1, block=0):
    axis %= max(q.x.ndim, 1)
    x = q.x.astype(np.float32) if zero is None else (q.x.astype(np.int64) - over(zero, q.x, axis, block).astype(np.int64)).astype(np.float32)
    with np.errstate(all="ignore"):
        y = x * over(scale, q.x, axis, block).astype(np.float32)
    return ew.round_to(y, scale.dtype)


def attributes(t=None, axis=-1, block=0, low_high=None, round_sum=False, saturate=True):
    words = ["dtype = %s" % t] * (t is not None) + ["axis = %d" % axis] * (axis != -1) + ["block_size = %d" % block] * (block > 0)
    words += ["range = [%d, %d]" % low_high] if low_high else []
    words += ["round_sum = true"] * round_sum + ["saturate = false"] * (not saturate)
    return " {%s}" % ", ".join(words) if words else ""


def numbers(shape, seed, size=1.0):
    """Also halves, so that ties are among the quotients."""
    n = int(np.prod(shape))
    x = ((np.arange(n) * 37 + seed) % 61 - 30) * 0.25 + np.where(np.arange(n) % 5 == 0, 0.1, 0)
    return T((x * size).reshape(shape).astype(np.float32))


def both(f, name, x, scale, zero, t, **how):
    q = quantize(x, scale, zero, t, **how)
    back = {k: v for k, v in how.items() if k in ("axis", "block")}
    ins = {"x": x, "s": scale, **({"z": zero} if zero is not None else {})}
    z = ", %z" if zero is not None else ""
    free = x.x.ndim > 1 and how.get("axis", -1) not in (0, -2) and not (scale.x.ndim == x.x.ndim)
    dims = ["N"] + list(x.x.shape[1:])
    f.case(name, ins, {"q": q, "y": dequantize(q, scale, zero, **back)},
           ["%%q = quantize_linear %%x, %%s%s%s" % (z, attributes(t, **how)), "%%y = dequantize_linear %%q, %%s%s%s" % (z, attributes(**back))],
           {"x": dims} if free else None, {"q": dims, "y": dims} if free else None)


def file():
    f = File("Numbers as few bits times a scale.")
    special = T(np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 0.0, -0.0, 0.5, 1.5, 2.5, -0.5, -1.5, 127.5, 128.0, 1e-40], np.float32))
    one = lambda v, t="f32": T(np.array(v), t)
    for t in ("i8", "u8", "i16", "u16", "i32", "i2", "i4", "u2", "u4"):
        lo, hi = limits(t)
        zero = stored(np.array((lo + hi) // 2 + 1, object), t)
        both(f, "tensor_" + t, numbers((3, 5, 4), 3), one(0.5), zero, t)
        both(f, "plain_" + t, special, one(1.0), None, t)
        both(f, "sum_" + t, numbers((4, 6), 5), one(0.25), zero, t, round_sum=True)
        scale = T(np.array([0.5, 0.1, 3.0, 0.75], np.float32))
        many = stored(np.array([(lo + hi) // 2 + k for k in (0, 1, 0, 1)], object), t)
        both(f, "axis_" + t, numbers((2, 4, 3), 7), scale, many, t, axis=1)
    both(f, "halves_i8", numbers((3, 11), 2), one(1.0), one(3, "i8"), "i8")
    both(f, "halves_sum_i8", numbers((3, 11), 2), one(1.0), one(3, "i8"), "i8", round_sum=True)
    both(f, "range_i8", numbers((5, 9), 1, 8.0), one(0.3), one(-4, "i8"), "i8", low_high=(-127, 100), round_sum=True)
    both(f, "range_plain_u8", numbers((5, 9), 1, 8.0), one(0.3), one(100, "u8"), "u8", low_high=(1, 254))
    both(f, "first_axis_i8", numbers((4, 3), 9), T(np.array([0.1, 0.2, 0.3, 0.4], np.float32)), None, "i8", axis=0)
    for t in ("i4", "u8", "f8e4m3fn"):
        zero = None if t in nw.FORMATS else stored(np.array([[1, 2], [3, 4], [0, 1]], object), t)
        both(f, "blocks_even_" + t, numbers((3, 8), 4), T(np.array([[0.5, 1.0], [2.0, 0.1], [0.25, 3.0]], np.float32)), zero, t, block=4)
        both(f, "blocks_rest_" + t, numbers((3, 7), 4), T(np.array([[0.5, 1.0], [2.0, 0.1], [0.25, 3.0]], np.float32)), zero, t, block=4)
    both(f, "blocks_rows_i8", numbers((5, 2), 4), T(np.array([[0.5, 1.0], [2.0, 0.1], [0.25, 3.0]], np.float32)), None, "i8", axis=0, block=2)
    for t in nw.FORMATS:
        both(f, "float_" + t, special, one(0.5), None, t)
        both(f, "unbounded_" + t, special, one(0.5), None, t, saturate=False)
    for t in ("f16", "bf16"):
        x = ew.round_to(numbers((3, 5), 6).x.astype(np.float64), t)
        both(f, "from_" + t, x, ew.round_to(np.array(0.3), t), one(5, "i8"), "i8")
    x = T(np.array([-300, -7, 0, 9, 1000], np.int32))
    f.case("from_i32", {"x": x, "s": one(2.0)}, {"q": quantize(x, one(2.0), None, "i8")}, "%q = quantize_linear %x, %s {dtype = i8}")
    both(f, "empty", T(np.zeros((0, 3), np.float32)), one(0.5), one(1, "i8"), "i8")
    both(f, "rank0", T(np.float32(3.3)), one(0.5), one(1, "i8"), "i8")
    return f


FILES = {"quantize": file}
