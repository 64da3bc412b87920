"""Cases of random numbers: Philox 4x32-10 and Threefry 2x32-20 written again with Python's integers.

The vectors are those that Salmon et al. publish with the paper (Random123, kat_vectors); everything else is computed."""
import math

import numpy as np

from elementwise import round_to
from emit import FLOATS, INTS, DTYPES, File, T

M32, M64 = 2**32 - 1, 2**64 - 1


def rounded(x, t):
    return round_to(x, t).x


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & M32, (a >> 32) ^ c[3] ^ k[1], a & M32]
        k = [(k[0] + 0x9E3779B9) & M32, (k[1] + 0xBB67AE85) & M32]
    return c


def threefry(counter, key):
    ks = list(key) + [0x1BD11BDA ^ key[0] ^ key[1]]
    x, y = [(c + k) & M32 for c, k in zip(counter, key)]
    for r in range(20):
        x, by = (x + y) & M32, (13, 15, 26, 6, 17, 29, 16, 24)[r % 8]
        y = ((y << by | y >> (32 - by)) & M32) ^ x
        if r % 4 == 3:
            s = r // 4 + 1
            x, y = (x + ks[s % 3]) & M32, (y + ks[(s + 1) % 3] + s) & M32
    return [x, y]


KNOWN = [
    (philox, [0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (philox, [M32] * 4, [M32] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (philox, [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0], "d16cfe09 94fdcceb 5001e420 24126ea1"),
    (threefry, [0] * 2, [0] * 2, "6b200159 99ba4efe"),
    (threefry, [M32] * 2, [M32] * 2, "1cb996fc bb002be7"),
    (threefry, [0x243F6A88, 0x85A308D3], [0x13198A2E, 0x03707344], "c4923a9c 483df7a0"),
]


def halves(x):
    return [x & M32, x >> 32]


def words(state, algorithm, n):
    """The first n words, and the state behind their blocks."""
    blocks, out = -(-n // per(algorithm)), []
    count = state[1] + (state[2] << 64 if len(state) > 2 else 0)
    for i in range(blocks):
        at = (count + i) & (M64 << 64 | M64)
        if algorithm == "philox":
            out += philox(halves(at & M64) + halves(at >> 64), halves(state[0]))
        else:
            out += threefry(halves(at & M64), halves(state[0]))
    count += blocks
    return out[:n], [state[0], count & M64, (count >> 64) & M64][:len(state)]


def per(algorithm):
    return 4 if algorithm == "philox" else 2


def advanced(state, algorithm, word):
    """The counter of the block of this word."""
    count = state[1] + (state[2] << 64 if len(state) > 2 else 0) + word // per(algorithm)
    return [count & M64, (count >> 64) & M64][:len(state) - 1]


def bits(state, algorithm, dtype, shape):
    n, size = int(np.prod(shape, dtype=np.int64)), np.dtype(DTYPES[dtype]).itemsize
    w, after = words(state, algorithm, 2 * n if size == 8 else n)
    if size == 8:
        w = [w[i] | w[i + 1] << 32 for i in range(0, 2 * n, 2)]
    mask = 2**(8 * size) - 1
    x = np.array([v & mask for v in w], np.uint64).astype("u%d" % size).view(DTYPES[dtype])
    return T(x.reshape(shape), dtype), T(np.array(after, np.uint64))


def below(x, t):
    """The neighbour of x towards -inf in type t."""
    if t == "bf16":
        u = np.float32(x).view(np.uint32)
        return np.float32(-2.0**-133) if x == 0 else (u - 0x10000 if x > 0 else u + 0x10000).astype(np.uint32).view(np.float32)
    return np.nextafter(DTYPES[t](x), DTYPES[t](-np.inf))


def uniform(state, algorithm, t, shape, low, high):
    digits = {"f16": 11, "bf16": 8, "f32": 24, "f64": 53}[t]
    w, after = bits(state, algorithm, "u64" if t == "f64" else "u32", shape)
    wide = np.float64 if t == "f64" else np.float32
    width = 64 if t == "f64" else 32
    low, high = (rounded(np.array(v), t).astype(np.float64) for v in (low, high))
    x = (w.x >> DTYPES[w.dtype](width - digits)).astype(wide) * wide(2.0**-digits)
    x = rounded((x * wide(high - low)).astype(wide) + wide(low), t)
    x = np.minimum(x, below(high, t))
    assert x.size == 0 or (x.min() >= low and x.max() < high)
    return T(x, t), after


def erf_inv(u):
    """By bisection on math.erfc, which keeps its digits in the tail, and a Newton step."""
    if u < 0:
        return -erf_inv(-u)
    low, high, q = 0.0, 7.0, 1 - u                  # exact: u is a multiple of 2^-53
    for _ in range(60):
        x = (low + high) / 2
        low, high = (x, high) if math.erfc(x) > q else (low, x)
    return x + (math.erfc(x) - q) * math.exp(x * x) * math.pi**0.5 / 2


def random():
    f = File("Random numbers.")

    def one(name, state, algorithm, dtype, shape, types=None, results=None, dims=None):
        y, after = bits(state, algorithm, dtype, shape)
        f.case(name, {"s": T(np.array(state, np.uint64))}, {"t": after, "y": y},
               "%%t, %%y = rng_bits %%s {algorithm = \"%s\", dtype = %s, shape = [%s]}"
               % (algorithm, dtype, ", ".join(map(str, dims or shape))), types, results)

    for i, (fn, counter, key, want) in enumerate(KNOWN):
        name, want = fn.__name__, [int(w, 16) for w in want.split()]
        assert fn(counter, key) == want
        state = [key[0] | key[1] << 32] + [counter[j] | counter[j + 1] << 32 for j in range(0, len(counter), 2)]
        after = words(state, name, len(want))[1]
        f.case("known_%d" % i, {"s": T(np.array(state, np.uint64))},
               {"t": T(np.array(after, np.uint64)), "y": T(np.array(want, np.uint32))},
               "%%t, %%y = rng_bits %%s {algorithm = \"%s\", dtype = u32, shape = [%d]}" % (name, len(want)))
    key = 0x0123456789ABCDEF
    for a in ("philox", "threefry"):
        for t in INTS:
            one("%s_%s" % (a, t), [key, 7], a, t, (3, 7))
        for shape in ((), (0,), (1,), (2, 0, 3), (101,)):
            one("%s_shape_%s" % (a, "x".join(map(str, shape)) or "scalar"), [key, 7], a, "u32", shape)
        one(a + "_wraps", [key, M64], a, "u32", (9,))
        one(a + "_wraps_words", [M64, M64 - 1], a, "i64", (5,))
    one("philox_carry", [key, M64 - 1, 5], "philox", "u32", (17,))
    one("philox_carry_all", [key, M64, M64], "philox", "u64", (5,))

    # The primitives: words by their number, anywhere in the stream.
    def direct(a, dtype, at):
        state = [key, 7, 5] if a == "philox" else [key, 7]
        wide = 2 if dtype == "u64" else 1
        w = [[words([state[0], *advanced(state, a, wide * i + k)], a, per(a))[0][(wide * i + k) % per(a)] for k in range(wide)] for i in at]
        y = np.array([v[0] | (v[1] << 32 if wide == 2 else 0) for v in w], DTYPES[dtype])
        values = {"i": T(np.array(at, np.uint64))}
        values.update((n, T(np.array(s, np.uint64))) for n, s in zip("kcd", state))
        f.case("%s_direct_%s" % (a, dtype), values, {"y": T(y, dtype)},
               "%%y = %s %%i, %%k, %s {dtype = %s}" % (a, "%c, %d" if a == "philox" else "%c", dtype), {"i": ["N"]}, {"y": ["N"]})

    for a in ("philox", "threefry"):
        for dtype in ("u32", "u64"):
            direct(a, dtype, [0, 1, 2, 3, 4, 7, 13, 1 << 20, 2**31 - 1, 2**40 + 3])

    # The same elements whatever the extents that follow them: here of an operand.
    s, x = T(np.array([key, 1, 2], np.uint64)), T(np.arange(15, dtype=np.float32).reshape(5, 3))
    y, after = bits([key, 1, 2], "philox", "u16", (5, 3))
    f.case("symbolic", {"s": s, "x": x}, {"t": after, "y": y},
           "%t, %y = rng_bits %s {dtype = u16, shape = [N, 3]}", {"x": ["N", 3]}, {"y": ["N", 3]})

    def flat(name, state, algorithm, t, shape, low, high):
        y, after = uniform(state, algorithm, t, shape, low, high)
        f.case("uniform_%s_%s" % (name, t), {"s": T(np.array(state, np.uint64))}, {"t": after, "y": y},
               "%%t, %%y = random_uniform %%s {algorithm = \"%s\", low = %r, high = %r, dtype = %s, shape = [%s]}"
               % (algorithm, low, high, t, ", ".join(map(str, shape))))

    for t in FLOATS:
        flat("unit", [key, 3, 0], "philox", t, (5, 13), 0.0, 1.0)
        flat("span", [key, 3], "threefry", t, (67,), -1.0, 2.5)
        flat("below_zero", [key, 4], "philox", t, (67,), -3.0, 0.0)
        flat("negative", [key, 5], "philox", t, (67,), -7.0, -3.0)
        # Neighbours: the sum rounds to the upper one half of the time.
        flat("narrow", [key, 6], "philox", t, (67,), 1.0, 1.0 + {"f16": 2.0**-10, "bf16": 2.0**-7, "f32": 2.0**-23, "f64": 2.0**-52}[t])
        flat("scalar", [key, 7], "threefry", t, (), -1.0, 1.0)

    def normal(name, state, algorithm, t, shape, mean, stddev):
        w, after = bits(state, algorithm, "u64" if t == "f64" else "u32", shape)
        digits = 53 if t == "f64" else 24
        n = [2 * (int(v) >> (11 if t == "f64" else 8)) + 1 - 2**digits for v in w.x.ravel()]
        y = np.array([erf_inv(v / 2**digits) for v in n]).reshape(shape) * (stddev * 2**0.5) + mean
        f.case("normal_%s_%s" % (name, t), {"s": T(np.array(state, np.uint64))}, {"t": after, "y": T(rounded(y, t), t)},
               "%%t, %%y = random_normal %%s {algorithm = \"%s\", mean = %r, stddev = %r, dtype = %s, shape = [%s]}"
               % (algorithm, mean, stddev, t, ", ".join(map(str, shape))), eps=8 if t in ("f32", "f64") else 1)

    for t in FLOATS:
        normal("standard", [key, 11, 0], "philox", t, (7, 13), 0.0, 1.0)
        normal("moved", [key, 12], "threefry", t, (67,), 3.5, 0.25)

    def drop(name, state, algorithm, x, rate):
        w, after = bits(state, algorithm, "u32", x.x.shape)
        wide = np.float64 if x.dtype == "f64" else np.float32
        y = rounded(x.x.astype(wide) * wide(1 / (1 - rate)), x.dtype)
        y = np.where(w.x.astype(np.float64) < rate * 2.0**32, DTYPES[x.dtype](0), y)
        f.case("dropout_%s_%s" % (name, x.dtype), {"x": x, "s": T(np.array(state, np.uint64))}, {"t": after, "y": T(y, x.dtype)},
               "%%t, %%y = dropout %%x, %%s {rate = %r, algorithm = \"%s\"}" % (rate, algorithm))

    for t in FLOATS:
        x = T(np.linspace(-3, 3, 60).reshape(4, 15), t)
        x = T(rounded(x.x, t), t)
        drop("half", [key, 8, 9], "philox", x, 0.5)
        drop("some", [key, 8], "threefry", x, 0.1)
        drop("none", [key, 8], "philox", x, 0.0)
    odd = T(np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45, 3e38, 1.0, 2.0] * 4, np.float32))
    drop("special", [key, 10], "philox", odd, 0.75)
    drop("all", [key, 10], "philox", odd, 1 - 2.0**-40)
    return f


FILES = {"rng": random}
