"""The numerics of the language in plain numpy: fma, roundings and the orders of accumulation.

Written from the text of the numerics contract, not from the compiler; numpy's float32 and float64 operations round
correctly, which is all that is relied on."""
import functools
from fractions import Fraction

import numpy as np

BLOCK, LANES, CHUNK = 256, 16, 4096


np.seterr(all="ignore")


def fma32(a, b, c):
    """Exact a*b in double, then the sum rounded to odd: rounding that to float32 is the correct rounding."""
    p, c = np.multiply(a, b, dtype=np.float64), np.asarray(c, np.float64)
    s = np.atleast_1d(p + c)
    t = s - p                                       # two-sum: s + e is exactly p + c
    e = (p - (s - t)) + (c - t)
    bits = s.view(np.int64)
    inexact = ((bits & 1) == 0) & (e != 0) & np.isfinite(s)
    bits = bits + inexact * np.where((e > 0) == (s > 0), 1, -1)
    return bits.view(np.float64).astype(np.float32).reshape(np.shape(p + c))


def _fma64(a, b, c):
    if not all(np.isfinite(v) for v in (a, b, c)):
        return a * b + c
    exact = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    if exact == 0:
        return a * b + c if float(a) * float(b) == 0 else np.float64(0)
    return np.float64(float(exact))                 # Fraction -> float rounds correctly


def fma64(a, b, c):
    a, b, c = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (a, b, c)))
    return np.array([_fma64(*v) for v in zip(a.ravel(), b.ravel(), c.ravel())], np.float64).reshape(a.shape)


def fma(a, b, c):
    t = np.asarray(c).dtype
    if t == np.float32:
        return fma32(a, b, c)
    if t == np.float64:
        return fma64(a, b, c)
    return (a * b + c).astype(t)


def to_bf16(x):
    """float32 -> the nearest bfloat16, ties to even, as float32."""
    x = np.asarray(x, np.float32)
    u = np.atleast_1d(x).view(np.uint32).astype(np.int64)
    r = ((u + 0x7fff + ((u >> 16) & 1)) & 0xffff0000).astype(np.uint32).view(np.float32).reshape(x.shape)
    return np.where(np.isnan(x), np.float32(np.nan), r)


# An accumulator is a list of arrays (one an operand); combine takes two of them.  Elements run along axis 0.

def pairs(parts, combine):
    while len(parts) > 1:
        up = [combine(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
        parts = up + parts[len(parts) - len(parts) % 2:]
    return parts[0]


def block(x, combine):
    lanes = []
    for lane in range(min(LANES, len(x))):
        acc = x[lane]
        for i in range(lane + LANES, len(x), LANES):
            acc = combine(acc, x[i])
        lanes.append(acc)
    return halve(lanes, combine)


def halve(lanes, combine):
    for half in (8, 4, 2, 1):
        lanes = [combine(v, lanes[j + half]) if j + half < len(lanes) else v for j, v in enumerate(lanes[:half])]
    return lanes[0]


def tree(rows, combine):
    """rows: a list of rows, each a list of accumulators."""
    def row(x):
        return pairs([block(x[i:i + BLOCK], combine) for i in range(0, len(x), BLOCK)], combine)

    chunks = []
    for i in range(0, len(rows), BLOCK):
        acc = None
        for x in rows[i:i + BLOCK]:
            acc = row(x) if acc is None else combine(acc, row(x))
        chunks.append(acc)
    return pairs(chunks, combine)


def reduce(xs, inits, dims, combine, serial=False):
    """xs: operands of one shape; dims ascending.  Gives one array an operand."""
    rank = xs[0].ndim
    kept = [k for k in range(rank) if k not in dims]
    n = 0
    while n < len(dims) and dims[len(dims) - 1 - n] == rank - 1 - n:
        n += 1
    shape = xs[0].shape
    nrow = int(np.prod([shape[d] for d in dims[len(dims) - n:]], dtype=np.int64)) if n else 1
    nrows = int(np.prod([shape[d] for d in dims[:len(dims) - n]], dtype=np.int64))
    flat = [x.transpose(list(dims) + kept).reshape((nrows, nrow) + tuple(shape[k] for k in kept)) for x in xs]
    inits = [np.broadcast_to(i, f.shape[2:]) for i, f in zip(inits, flat)]
    if nrow * nrows == 0:
        return [i.copy() for i in inits]
    rows = [[[f[r, i] for f in flat] for i in range(nrow)] for r in range(nrows)]
    if serial:
        acc = inits
        for x in (x for row in rows for x in row):
            acc = combine(acc, x)
        return acc
    return combine(tree(rows, combine), inits)


def chain(a, b, k, zero, hole=None):
    """a(k), b(k): the k-th factors.  Chunks of chains of fma from +0, their sums added ascending; terms are left out
    where hole(k) holds."""
    total = None
    for first in range(0, k, CHUNK):
        acc = zero.copy()
        for i in range(first, min(k, first + CHUNK)):
            new = fma(a(i), b(i), acc)
            acc = np.where(hole(i), acc, new) if hole else new
        total = acc if total is None else add(total, acc)
    return zero.copy() if total is None else total


def add(a, b):
    return (a + b).astype(np.asarray(a).dtype)


def lanes(a, b, k, zero):
    parts = []
    for first in range(0, k, BLOCK):
        m = min(BLOCK, k - first)
        acc = [zero.copy() for _ in range(min(LANES, m))]
        for i in range(m):
            acc[i % LANES] = fma(a(first + i), b(first + i), acc[i % LANES])
        parts.append(halve(acc, add))
    return pairs(parts, add) if parts else zero.copy()


def dot_general(a, b, ab, bb, ac, bc, use_lanes):
    af = [i for i in range(a.ndim) if i not in ab and i not in ac]
    bf = [i for i in range(b.ndim) if i not in bb and i not in bc]

    def size(x, axes):
        return int(np.prod([x.shape[i] for i in axes], dtype=np.int64))

    out = [a.shape[i] for i in ab] + [a.shape[i] for i in af] + [b.shape[i] for i in bf]
    k = size(a, ac)
    x = a.transpose(list(ab) + af + list(ac)).reshape(size(a, ab), size(a, af), 1, k)
    y = b.transpose(list(bb) + bf + list(bc)).reshape(size(b, bb), 1, size(b, bf), k)
    zero = np.zeros((size(a, ab), size(a, af), size(b, bf)), a.dtype)
    f = lanes if use_lanes else chain
    return f(lambda i: x[..., i], lambda i: y[..., i], k, zero).reshape(out)


def conv(x, w, strides, pads, ldil, rdil, fgroups=1, bgroups=1):
    """x: [N, C, spatial...], w: [O, I, spatial...] -> [N / bgroups, O, spatial...]."""
    n, c, o, ci = x.shape[0], x.shape[1], w.shape[0], w.shape[1]
    sp, ks = x.shape[2:], w.shape[2:]
    full = [(s - 1) * d + 1 if s else 0 for s, d in zip(sp, ldil)]
    outs = [max(0, (f + lo + hi - ((k - 1) * r + 1)) // s + 1)
            for f, (lo, hi), k, r, s in zip(full, pads, ks, rdil, strides)]
    groups = fgroups * bgroups
    per = o // groups
    y = np.zeros([n // bgroups, o] + outs, x.dtype)
    for g in range(groups):
        part = x[:, g * ci:(g + 1) * ci] if fgroups > 1 else x
        part = part[g * (n // bgroups):(g + 1) * (n // bgroups)] if bgroups > 1 else part
        wg = w[g * per:(g + 1) * per]
        terms = []
        for kpos in np.ndindex(*ks):
            p = [np.arange(n)[tuple(slice(None) if j == i else None for j in range(len(outs)))] * s + k * r - lo
                 for i, (n, s, k, r, (lo, _)) in enumerate(zip(outs, strides, kpos, rdil, pads))]
            outside = functools.reduce(np.logical_or, [(q < 0) | (q >= f) for q, f in zip(p, full)], np.zeros(outs, bool))
            hole = functools.reduce(np.logical_or, [q % d != 0 for q, d in zip(p, ldil)],
                                    np.zeros(outs, bool))
            at = tuple(np.clip(q // d, 0, n - 1) for q, d, n in zip(p, ldil, sp))
            for i in range(ci):
                v = part[(slice(None), i) + at] if at else part[:, i]
                v = np.where(outside, x.dtype.type(0), v)
                terms.append((v[:, None], wg[(slice(None), i) + kpos].reshape([1, per] + [1] * len(outs)), hole))
        zero = np.zeros([part.shape[0], per] + outs, x.dtype)
        y[:, g * per:(g + 1) * per] = chain(lambda i: terms[i][0], lambda i: terms[i][1], len(terms), zero,
                                            lambda i: terms[i][2])
    return y


def windows(xs, inits, window, strides, pads, bdil, wdil, combine):
    shape = xs[0].shape
    full = [(s - 1) * d + 1 if s else 0 for s, d in zip(shape, bdil)]
    outs = [max(0, (f + lo + hi - ((k - 1) * r + 1)) // s + 1)
            for f, (lo, hi), k, r, s in zip(full, pads, window, wdil, strides)]
    ys = [np.zeros(outs, x.dtype) for x in xs]
    for at in np.ndindex(*outs):
        acc = list(inits)
        for kpos in np.ndindex(*window):
            p = [a * s + kk * r - lo for a, s, kk, r, (lo, _) in zip(at, strides, kpos, wdil, pads)]
            if any(q < 0 or q >= f or q % d for q, f, d in zip(p, full, bdil)):
                continue
            acc = combine(acc, [x[tuple(q // d for q, d in zip(p, bdil))] for x in xs])
        for y, v in zip(ys, acc):
            y[at] = v
    return ys
