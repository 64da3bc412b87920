"""What the parts of gen.py share: values, types and limits of random graphs."""

WIDE = ["f32", "f64", "f16", "bf16"]
FLOATS = WIDE + ["f8e4m3fn", "f8e5m2", "f8e4m3fnuz"]
SIGNED = ["i8", "i16", "i32", "i64", "i4"]
UNSIGNED = ["u8", "u16", "u32", "u64", "u4"]
INTS = SIGNED + UNSIGNED
NUMBERS = {"f8e4m3fn": ["0.5", "1", "-1.5", "2", "0", "-0.0", "3", "nan", "0.1", "448"], "i4": ["0", "1", "-1", "2", "-7", "7", "-8"],
           "f8e4m3fnuz": ["0.5", "1", "-1.5", "2", "0", "3", "nan", "0.1", "240"], "u4": ["0", "1", "2", "3", "7", "15"]}
MOST = {"N": 33, "M": 17, "S": 17, "K": 5000, "B": 20}      # B is bounded
SIZES = {}                # those that the graph at hand defines: what they are at most
ELEMENTS = 60000          # of a tensor
WORK = 1500000            # of an op


def size(dims):
    n = 1
    for d in dims:
        n *= eval(str(d), {"max": max, "min": min}, {**MOST, **SIZES})
    return n


class Value:
    def __init__(self, name, dtype, dims):
        self.name, self.dtype, self.dims = name, dtype, list(dims)

    def __str__(self):
        return self.name

    @property
    def rank(self):
        return len(self.dims)

    def type(self):
        return type_of(self.dtype, self.dims)


def type_of(dtype, dims):
    return f"{dtype}[{', '.join(map(str, dims))}]"


def ints(xs):
    return "[" + ", ".join(map(str, xs)) + "]"


def has_size(dims):
    return any(c in SIZES for d in dims for c in str(d))


def is_number(d):
    return isinstance(d, int)


def bits(dtype):
    return {"bool": 8, "bf16": 16}.get(dtype) or int(dtype[1:].split("e")[0])
