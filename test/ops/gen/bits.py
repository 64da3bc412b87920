"""Cases of the ops on the representation of numbers: rounding to integers and to fewer bits, bit counts, nextafter, bitcasts."""
import math
from fractions import Fraction

import numpy as np

from elementwise import grid, round_to, values, wide
from emit import DTYPES, FLOATS, INTS, File, T

MANTISSA = {"f16": 10, "bf16": 7, "f32": 23, "f64": 52}
EXPONENT = {"f16": 5, "bf16": 8, "f32": 8, "f64": 11}
WIDTH = {"bf16": 2}


def least(t):
    """The exponent of the smallest normal number."""
    return 2 - 2 ** (EXPONENT[t] - 1)


def round_afz(v):
    if not math.isfinite(v):
        return v
    return math.copysign(float(math.floor(abs(Fraction(v)) + Fraction(1, 2))), v)


def next_after(x, y, t):
    """On exact numbers: one quantum of the binade further, where a binade's quantum downwards from a power of 2 is half."""
    if math.isnan(x) or math.isnan(y):
        return math.nan
    if x == y:
        return y
    q = Fraction(2) ** (least(t) - MANTISSA[t])
    if math.isinf(x):
        return math.copysign(float((2 - Fraction(2) ** -MANTISSA[t]) * Fraction(2) ** (1 - least(t))), x)
    up = y > x
    if x == 0:
        return math.copysign(float(q), 1 if up else -1)
    e = max(math.frexp(x)[1] - 1, least(t))
    outwards = up == (x > 0)
    step = Fraction(2) ** (e - MANTISSA[t])
    if not outwards and abs(Fraction(x)) == Fraction(2) ** e and e > least(t):
        step /= 2
    r = abs(Fraction(x)) + (step if outwards else -step)
    if r >= Fraction(2) ** (2 - least(t)):
        return math.copysign(math.inf, x)
    return math.copysign(float(r), x)


def reduce_precision(v, t, exponent, mantissa):
    if not math.isfinite(v) or v == 0:
        return v
    e = max(math.frexp(v)[1] - 1, least(t))
    q = Fraction(2) ** (e - min(mantissa, MANTISSA[t]))
    r = round(abs(Fraction(v)) / q) * q                     # Python rounds halves to even
    if mantissa == 0 and abs(Fraction(v)) == q * 3 / 2:     # all numbers left are odd: XLA takes the even exponent field
        r = q if (e - least(t)) % 2 else 2 * q
    bias = 2 ** (min(exponent, EXPONENT[t]) - 1) - 1
    if r >= Fraction(2) ** (bias + 1):
        return math.copysign(math.inf, v)
    if exponent < EXPONENT[t] and r < Fraction(2) ** (1 - bias):
        r = Fraction(0)
    return math.copysign(float(r), v)


def every(fn, x, t):
    with np.errstate(all="ignore"):
        return round_to(np.array([fn(float(v)) for v in x.ravel()], np.float64).reshape(x.shape), t)


def raw(x):
    """The bytes of the elements, in order."""
    if x.dtype == "bf16":
        return (x.x.view(np.uint32) >> np.uint32(16)).astype(np.uint16).tobytes()
    return x.x.tobytes()


def of_raw(data, t, shape):
    if t == "bf16":
        x = (np.frombuffer(data, np.uint16).astype(np.uint32) << np.uint32(16)).view(np.float32)
    else:
        x = np.frombuffer(data, DTYPES[t])
    return T(x.reshape(shape), t)


def size(t):
    return WIDTH.get(t) or DTYPES[t]().itemsize


def bitcasts(f):
    """From every type to every other: bits of which each reading is a number (a NaN's bits are not kept in text)."""
    data = bytes(range(1, 49))
    for s in INTS + FLOATS:
        outs, dims, body = {}, {}, []
        x = of_raw(data, s, (3, 16 // size(s)))
        for d in INTS + FLOATS:
            n, k = size(s), size(d)
            shape = (3, 16 // n) if n == k else (3, 16 // n, n // k) if n > k else (3, 16 // k)
            y = of_raw(data, d, shape)
            arg = "%x"
            if n < k:
                body.append("%%r%s = reshape %%x {shape = [N, %d, %d]}" % (d, 16 // k, k // n))
                arg = "%r" + d
            body.append("%%to_%s = bitcast_convert %s {dtype = %s}" % (d, arg, d))
            outs["to_" + d] = y
            dims["to_" + d] = ["N"] + list(shape[1:])
        f.case("bitcast_" + s, {"x": x}, outs, body, {"x": ["N", 16 // size(s)]}, dims)
    x = T(np.array(-2.5, np.float32))
    f.case("bitcast_rank0", {"x": x}, {"y": of_raw(raw(x), "u8", (4,)), "z": of_raw(raw(x), "i32", ())},
           ["%y = bitcast_convert %x {dtype = u8}", "%z = bitcast_convert %x {dtype = i32}"])
    x = T(np.zeros((0, 2), np.int32))
    f.case("bitcast_empty", {"x": x}, {"y": T(np.zeros((0, 2, 4), np.uint8)), "z": T(np.zeros(0, np.float64))},
           ["%y = bitcast_convert %x {dtype = u8}", "%z = bitcast_convert %x {dtype = f64}"], {"x": ["N", 2]},
           {"y": ["N", 2, 4], "z": ["N"]})
    # inside a fusion: the low bytes of a sum, and numbers built from sums of bytes
    x, y = T(np.arange(12, dtype=np.int32).reshape(3, 4) * 1000003), T(np.full((3, 4), 77, np.int32))
    z = of_raw((x.x + y.x).tobytes(), "u8", (3, 4, 4))
    f.case("bitcast_fused", {"x": x, "y": y}, {"z": T(z.x ^ 255), "w": T(((x.x + y.x).view(np.int64) + 1))},
           ["%s = add %x, %y", "%b = bitcast_convert %s {dtype = u8}", "%z = not %b",
            "%r = reshape %s {shape = [3, 2, 2]}", "%l = bitcast_convert %r {dtype = i64}", "%o = constant splat 1 : i64[3, 2]",
            "%w = add %l, %o"])


def representation():
    f = File("Ops on the representation of numbers: rounding, bit counts, nextafter, reduce_precision, bitcast_convert.")
    for t in FLOATS:
        v = values(t).x
        near = [0.49999997, 0.5, 1.5, 2.5, 0.49999999999999994, 8388607.5, 4503599627370495.5, 511.5, 63.5, 1023.5]
        x = round_to(np.concatenate([v.astype(np.float64), np.arange(-4.5, 5, 0.5), near, [-n for n in near]]), t)
        n = x.x.size
        f.case("round_afz_" + t, {"x": x}, {"y": every(round_afz, wide(x.x, t), t), "p": T(np.isfinite(x.x))},
               ["%y = round_nearest_afz %x", "%p = is_finite %x"], {"x": ["N"]}, {"y": ["N"], "p": ["N"]})
        a, b = grid(t)
        y = round_to(np.array([next_after(float(p), float(q), t) for p, q in zip(a.x, b.x)], np.float64), t)
        f.case("nextafter_" + t, {"a": a, "b": b}, {"y": y}, "%y = nextafter %a, %b", {"a": ["N"], "b": ["N"]}, {"y": ["N"]})
        steps = np.concatenate([v.astype(np.float64), 1 + np.arange(17) / 16, 1 + np.arange(9) / 512, 65504 * np.arange(1, 4),
                                2.0 ** -np.arange(10, 30, 3) * 1.4375, [-448.0, -464.0, -465.0, 3e38, 1e-38]])
        x = round_to(steps, t)
        outs, body = {}, []
        for k, (e, m) in enumerate([(5, 10), (8, 7), (4, 3), (5, 2), (8, 23), (11, 52), (2, 0), (1, 1), (64, 64), (3, 64)]):
            outs["y%d" % k] = every(lambda w, e=e, m=m: reduce_precision(w, t, e, m), x.x, t)
            body.append("%%y%d = reduce_precision %%x {exponent_bits = %d, mantissa_bits = %d}" % (k, e, m))
        f.case("reduce_precision_" + t, {"x": x}, outs, body, {"x": ["N"]}, {k: ["N"] for k in outs})
    for t in INTS:
        x = values(t)
        bits = x.x.itemsize * 8
        u = [int(v) % (1 << bits) for v in x.x.tolist()]
        f.case("counts_" + t, {"x": x}, {"ones": T(np.array([bin(v).count("1") for v in u], DTYPES[t]), t),
                                         "zeros": T(np.array([bits - v.bit_length() for v in u], DTYPES[t]), t)},
               ["%ones = popcnt %x", "%zeros = clz %x"], {"x": ["N"]}, {"ones": ["N"], "zeros": ["N"]})
    f.case("representation_rank0", {"x": T(np.float32(-2.5)), "i": T(np.int8(-1))},
           {"r": T(np.float32(-3)), "p": T(np.array(True)), "n": T(np.nextafter(np.float32(-2.5), np.float32(-3))), "o": T(np.int8(8))},
           ["%r = round_nearest_afz %x", "%p = is_finite %x", "%n = nextafter %x, %r", "%o = popcnt %i"])
    none = T(np.zeros((0, 3), np.float32))
    f.case("representation_empty", {"x": none},
           {"r": none, "p": T(np.zeros((0, 3), np.bool_)), "n": none,
            "q": none}, ["%r = round_nearest_afz %x", "%p = is_finite %x", "%n = nextafter %x, %r",
                         "%q = reduce_precision %x {exponent_bits = 4, mantissa_bits = 3}"],
           {"x": ["N", 3]}, {k: ["N", 3] for k in "rpnq"})
    bitcasts(f)
    return f


FILES = {"representation": representation}
