# What every model printed by the target `template` stands on: the scalar operations, exactly as ir/scalars.def has them,
# and a few lines to run the file as a program.
#
# Values of integers are Python's, wrapped to their type; bool is 0 or 1; f32 and f64 are Python floats (f32 rounded
# after each operation); f16 and bf16 are their bits, since only loads, stores and conversions see them.
import ctypes, math, os, struct, sys
from fractions import Fraction

BITS = {"bool": 8, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "u8": 8, "u16": 16, "u32": 32, "u64": 64,
        "f16": 16, "bf16": 16, "f32": 32, "f64": 64}
CODE = {"bool": "B", "i8": "b", "i16": "h", "i32": "i", "i64": "q", "u8": "B", "u16": "H", "u32": "I", "u64": "Q",
        "f16": "H", "bf16": "H", "f32": "f", "f64": "d"}
NARROW = {"i2": "b", "i4": "b", "u2": "B", "u4": "B"} | dict.fromkeys(
    ("f4e2m1fn", "f6e2m3fn", "f6e3m2fn", "f8e3m4", "f8e4m3", "f8e4m3fn", "f8e4m3fnuz", "f8e4m3b11fnuz", "f8e5m2", "f8e5m2fnuz"), "B")
INTS = [t for t in BITS if t[0] in "iu"]
# Bytes that are only loaded, stored and bitcast.
BITS.update(dict.fromkeys(NARROW, 8))
CODE.update(NARROW)


def wrap(t, x):
    x &= (1 << BITS[t]) - 1
    return x - (1 << BITS[t]) if t[0] == "i" and x >> (BITS[t] - 1) else x


def f32(x):
    return ctypes.c_float(x).value


ROUND = {"f32": f32, "f64": float}


def odd(approx, exact):
    """approx, a float nearest to exact, or its odd neighbour: rounding that once more rounds exact once."""
    error = exact - Fraction(approx)
    if error == 0 or struct.unpack("<q", struct.pack("<d", approx))[0] & 1:
        return approx
    return math.nextafter(approx, math.inf if error > 0 else -math.inf)


def odd_f32(x):
    """The bits of x as an f32, rounded so that rounding them once more rounds x once."""
    near = f32(x)
    bits = struct.unpack("<I", struct.pack("<f", near))[0]
    if near == x or x != x:
        return bits
    if math.isinf(near):
        return bits - 1
    return bits if bits & 1 else bits + 1 if abs(near) < abs(x) else bits - 1


def fma(t, a, b, c):
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(c)):
        return ROUND[t](a * b + c)
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if exact == 0:
        return a * b + c
    try:
        nearest = float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf
    return nearest if t == "f64" else f32(odd(nearest, exact))


def divide(t, a, b):
    if b:
        return ROUND[t](a / b)
    return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, math.copysign(1, a) * math.copysign(1, b))


def quotient(t, a, b):
    return -1 if b == 0 else abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def pick(less, a, b):
    """The lesser (or greater) of two floats: NaN if either is, -0 < +0."""
    if a == b == 0:
        return a if (math.copysign(1, a) < 0) == less else b
    return a + b if a != a or b != b else (min if less else max)(a, b)


def whole(f, x):
    return x if not math.isfinite(x) else math.copysign(float(f(x)), x)


FLOAT = {
    "add": lambda t, a, b: ROUND[t](a + b), "sub": lambda t, a, b: ROUND[t](a - b), "mul": lambda t, a, b: ROUND[t](a * b),
    "div": divide, "fma": fma, "neg": lambda t, a: -a, "abs": lambda t, a: abs(a),
    "min": lambda t, a, b: pick(True, a, b), "max": lambda t, a, b: pick(False, a, b),
    "sqrt": lambda t, a: ROUND[t](math.sqrt(a)) if a >= 0 else math.nan,
    "floor": lambda t, a: whole(math.floor, a), "ceil": lambda t, a: whole(math.ceil, a),
    "trunc": lambda t, a: whole(math.trunc, a), "roundeven": lambda t, a: whole(round, a),
    "copysign": lambda t, a, b: math.copysign(a, b),
}
INT = {
    "add": lambda t, a, b: a + b, "sub": lambda t, a, b: a - b, "mul": lambda t, a, b: a * b, "div": quotient,
    "rem": lambda t, a, b: a if b == 0 else a - b * quotient(t, a, b), "neg": lambda t, a: -a, "abs": lambda t, a: abs(a),
    "min": lambda t, a, b: min(a, b), "max": lambda t, a, b: max(a, b), "and": lambda t, a, b: a & b,
    "or": lambda t, a, b: a | b, "xor": lambda t, a, b: a ^ b, "not": lambda t, a: ~a,
    "shl": lambda t, a, b: a << b if 0 <= b < BITS[t] else 0,
    "shr_l": lambda t, a, b: (a & (1 << BITS[t]) - 1) >> b if 0 <= b < BITS[t] else 0,
    "shr_a": lambda t, a, b: wrap("i" + t[1:], a) >> (b if 0 <= b < BITS[t] else BITS[t] - 1),
    "popcnt": lambda t, a: (a & (1 << BITS[t]) - 1).bit_count(),
    "clz": lambda t, a: BITS[t] - (a & (1 << BITS[t]) - 1).bit_length(), "mulhi": lambda t, a, b: a * b >> BITS[t],
}
# the first 1280 bits after the point
TWO_OVER_PI = int(
    "a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1d"
    "eb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b"
    "5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b"
    "6babf0cfbc209af4361d", 16)


def two_over_pi(t, a, b):
    a, b = min(a & (1 << 64) - 1, 127), min(b & (1 << 64) - 1, 3)
    return TWO_OVER_PI >> 1280 - 8 * a - 48 * b - 48 & (1 << 48) - 1


BOOL = {"min": lambda a, b: a & b, "max": lambda a, b: a | b, "and": lambda a, b: a & b, "or": lambda a, b: a | b,
        "xor": lambda a, b: a ^ b, "not": lambda a: 1 - a}
for name, f in FLOAT.items():
    for t in ("f32", "f64"):
        globals()[f"{name}_{t}"] = lambda *a, f=f, t=t: f(t, *a)
for name, f in INT.items():
    for t in INTS:
        globals()[f"{name}_{t}"] = lambda *a, f=f, t=t: wrap(t, f(t, *a))
two_over_pi_i64 = lambda a, b: two_over_pi("i64", a, b)
for name, f in BOOL.items():
    globals()[f"{name}_bool"] = f
for t in BITS:
    globals().update({f"eq_{t}": lambda a, b: int(a == b), f"ne_{t}": lambda a, b: int(a != b),
                      f"lt_{t}": lambda a, b: int(a < b), f"le_{t}": lambda a, b: int(a <= b)})


def value(t, x):
    """The number that a value stands for: f16 and bf16 from their bits."""
    if t == "f16":
        return struct.unpack("<e", struct.pack("<H", x))[0]
    return struct.unpack("<f", struct.pack("<I", x << 16))[0] if t == "bf16" else x


def convert(t, to, x):
    x = value(t, x)
    if to == "bool":
        return int(x != 0)
    if to in INTS:
        if isinstance(x, int):
            return wrap(to, x)
        low, high = (-1 << BITS[to] - 1, (1 << BITS[to] - 1) - 1) if to[0] == "i" else (0, (1 << BITS[to]) - 1)
        return 0 if x != x else low if x <= low else high if x >= high else int(x)
    if isinstance(x, int):
        x = float(x) if to == "f64" else odd(float(x), Fraction(x))
    if to == "f16":
        try:
            return struct.unpack("<H", struct.pack("<e", x))[0]
        except OverflowError:
            return 0x7c00 if x > 0 else 0xfc00
    if to == "bf16":
        bits = odd_f32(x)
        return 0x7fc0 if x != x else bits + 0x7fff + (bits >> 16 & 1) >> 16
    return ROUND[to](x)


def bitcast(t, to, x):
    code = lambda t: "<" + CODE[t]
    return struct.unpack(code(to), struct.pack(code(t), x))[0]


def from_bits(t, bits):
    return bitcast("u" + t[1:] if t != "bool" else "u8", t, bits) if t in ("f32", "f64") else wrap(t, bits)


def view(place, t):
    """Elements of type t at a place: a bytearray or bytes, and an offset in bytes."""
    memory = memoryview(place[0])[place[1]:]
    return memory[:len(memory) // (BITS[t] // 8) * (BITS[t] // 8)].cast(CODE[t])


def copy(to, source, n):
    memoryview(to[0])[to[1]:to[1] + n] = memoryview(source[0])[source[1]:source[1] + n]


def at(place, offset):
    return place[0], place[1] + offset


def address(place):
    memory, offset = place
    if isinstance(memory, bytearray):
        return ctypes.addressof((ctypes.c_char * 0).from_buffer(memory)) + offset
    return ctypes.cast(memory, ctypes.c_void_p).value + offset


def custom(name, places, dims, config):
    """Calls a C function of the libraries that TFCC_LOAD names, with ':' between them."""
    libraries = [ctypes.CDLL(path) for path in os.environ.get("TFCC_LOAD", "").split(":") if path]
    function = next((getattr(l, name) for l in libraries if hasattr(l, name)), None)
    if not function:
        sys.exit(f"no library in TFCC_LOAD has a function '{name}'")
    text = [ctypes.c_char_p(config.encode())] if config else []
    code = function(*[ctypes.c_void_p(address(p)) for p in places], *[ctypes.c_int64(d) for d in dims], *text)
    if code:
        sys.exit(f"'{name}' has failed with {code}")
