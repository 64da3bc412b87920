"""Writes cases as text: a graph, and a graph of the same name with `.data` that gives its inputs and what it must give.

`@name.data` ends with exact results (all NaNs count as one); `@name.ulp4` allows 4 units in the last place, `@name.eps4`
4 units in the last place of 1, or of the number where that is larger."""
import numpy as np

DTYPES = {"bool": np.bool_, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64, "u8": np.uint8,
          "u16": np.uint16, "u32": np.uint32, "u64": np.uint64, "f16": np.float16, "f32": np.float32, "f64": np.float64,
          "bf16": np.float32}
COMPLEX = {"c64": np.complex64, "c128": np.complex128}
FLOATS = ("f16", "bf16", "f32", "f64")
SINTS = ("i8", "i16", "i32", "i64")
UINTS = ("u8", "u16", "u32", "u64")
INTS = SINTS + UINTS


class T:
    """An array with the name of its element type (numpy has no bfloat16: those are held as float32)."""

    def __init__(self, x, dtype=None):
        self.dtype = dtype or {np.dtype(v): k for k, v in {**DTYPES, **COMPLEX}.items() if k != "bf16"}[np.asarray(x).dtype]
        with np.errstate(all="ignore"):
            self.x = np.asarray(x).astype({**DTYPES, **COMPLEX}[self.dtype])

    def type(self, dims=None):
        return "%s[%s]" % (self.dtype, ", ".join(str(d) for d in (self.x.shape if dims is None else dims)))

    def element(self, v):
        if self.dtype == "bool":
            return "true" if v else "false"
        if self.dtype in COMPLEX:
            return "(%s, %s)" % (self.real(v.real), self.real(v.imag))
        if self.dtype not in FLOATS:
            return str(int(v))
        return self.real(v)

    @staticmethod
    def real(v):
        if np.isnan(v):
            return "nan"
        if np.isinf(v):
            return "inf" if v > 0 else "-inf"
        text = str(v)
        return text if "." in text or "e" in text else text + ".0"

    def literal(self):
        def nest(x):
            return self.element(x) if x.ndim == 0 else "[%s]" % ", ".join(nest(v) for v in x)
        x = self.x
        if x.size == 0:
            return "[]"
        if x.ndim and x.size > 1 and len(set(x.tobytes()[i:i + x.itemsize] for i in range(0, x.nbytes, x.itemsize))) == 1:
            return "splat " + self.element(x.ravel()[0])
        return nest(x)

    def lines(self, name):
        return ["%%%s = constant %s : %s" % (name, self.literal(), self.type())]


class Hash(T):
    """Many reproducible numbers, computed by integer ops in the graph too: too long to be written out.  Multiples of
    2^-23 in [-1, 1) for floats (of 2^-8 for f16, bf16: 2^-5), scaled by 1 or 256; all bits for integers."""

    def __init__(self, dtype, shape, seed):
        n = int(np.prod(shape, dtype=np.int64))
        with np.errstate(all="ignore"):
            h = np.arange(n, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed)
            h ^= h >> np.uint32(15)
            h *= np.uint32(2246822519)
            h ^= h >> np.uint32(13)
        self.seed, self.n = seed, n
        if dtype in FLOATS:
            self.shift = {"f16": 23, "bf16": 26}.get(dtype, 8)
            bits = 32 - self.shift
            x = (h >> np.uint32(self.shift)).astype(np.float32) - np.float32(2.0 ** (bits - 1))
            self.bias, self.scale = 2.0 ** (bits - 1), 2.0 ** (1 - bits)
            x = x * np.float32(self.scale) * np.where(h & 1, np.float32(1), np.float32(256))
        else:
            x = h.astype(DTYPES[dtype])
        super().__init__(x.reshape(shape), dtype)

    def lines(self, name):
        u, n, f = "u32[%d]" % self.n, "%" + name, "f32[%d]" % self.n
        out = [n + "_0 = iota {dim = 0, dtype = u32, shape = [%d]}" % self.n]

        def step(to, op, of, by, t=u):
            out.append("%s_%s.c = constant splat %s : %s" % (n, to, by, t))
            out.append("%s_%s = %s %s_%s, %s_%s.c" % (n, to, op, n, of, n, to))
        step("1", "mul", "0", 2654435761)
        step("2", "add", "1", self.seed)
        step("3", "shr_l", "2", 15)
        out.append("%s_4 = xor %s_2, %s_3" % (n, n, n))
        step("5", "mul", "4", 2246822519)
        step("6", "shr_l", "5", 13)
        out.append("%s_h = xor %s_5, %s_6" % (n, n, n))
        last = "h"
        if self.dtype in FLOATS:
            step("s", "shr_l", "h", self.shift)
            out.append("%s_f = convert %s_s {dtype = f32}" % (n, n))
            step("g", "sub", "f", repr(self.bias), f)
            step("x", "mul", "g", repr(self.scale), f)
            step("y", "mul", "x", "256.0", f)
            step("o", "and", "h", 1)
            out.append("%s_z = constant splat 0 : %s" % (n, u))
            out.append("%s_p = compare %s_o, %s_z {dir = ne}" % (n, n, n))
            out.append("%s_v = select %s_p, %s_x, %s_y" % (n, n, n, n))
            last = "v"
        if self.dtype not in ("f32", "u32"):
            out.append("%s_w = convert %s_%s {dtype = %s}" % (n, n, last, self.dtype))
            last = "w"
        return out + ["%s = reshape %s_%s {shape = [%s]}" % (n, n, last, ", ".join(map(str, self.x.shape)))]


class File:
    def __init__(self, doc):
        self.text = ["// %s" % doc, "// Written by gen/gen.py: change that, not this.", ""]
        self.names = set()

    def case(self, name, ins, outs, body, types=None, results=None, ulp=None, extra=None, eps=None):
        """ins, outs: {name: T}; body: lines; types: {input: dims as text} where not those of the data; results: the same
        for outputs; extra: text of other graphs that the body calls."""
        assert name not in self.names, name
        self.names.add(name)

        def sig(items, dims):
            return ", ".join("%%%s: %s" % (k, v.type(dims.get(k))) for k, v in items.items())
        ret = "  return " + ", ".join("%" + k for k in outs)
        if extra:
            self.text += extra.strip("\n").split("\n") + [""]
        self.text += ["graph @%s(%s) -> (%s) {" % (name, sig(ins, types or {}), sig(outs, results or {}))]
        self.text += ["  " + line for line in (body if isinstance(body, list) else body.strip("\n").split("\n"))] + [ret, "}"]
        every = dict(ins)
        every.update({"want." + k: v for k, v in outs.items()})
        self.text += ["graph @%s.%s() -> (%s) {" % (name, "ulp%d" % ulp if ulp else "eps%d" % eps if eps else "data", sig(every, {}))]
        for k, v in every.items():
            self.text += ["  " + line for line in v.lines(k)]
        self.text += ["  return " + ", ".join("%" + k for k in every), "}", ""]

    def __str__(self):
        return "\n".join(self.text)
