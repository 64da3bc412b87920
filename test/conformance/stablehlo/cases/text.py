"""Programs written here, not by JAX's lowering, and compiled by XLA as they stand: dimension numbers drawn at random, indices
out of bounds, computations that JAX has no function for."""
import jax
import ml_dtypes
import numpy as np
from jax._src import xla_bridge
from jax._src.lib import xla_client

ELEMENT = {"float32": "f32", "float64": "f64", "float16": "f16", "bfloat16": "bf16", "bool": "i1", "int8": "i8", "int16": "i16", "int32": "i32",
           "int64": "i64", "uint8": "ui8", "uint16": "ui16", "uint32": "ui32", "uint64": "ui64"}


def kind(a):
    return ELEMENT[np.dtype(a.dtype).name]


def text_type(a, shape=None):
    return "tensor<%s%s>" % ("".join("%dx" % n for n in (a.shape if shape is None else shape)), kind(a))


def run(text, args):
    client = xla_bridge.get_backend("cpu")
    devices = xla_client.DeviceList(tuple(client.local_devices()[:1]))
    with jax.enable_x64(True):
        out = client.compile_and_load(text, devices, xla_client.CompileOptions()).execute_sharded([jax.device_put(a) for a in args])
        return [np.asarray(a[0]) for a in out.disassemble_into_single_device_arrays()]


class Programs:
    def __init__(self, add):
        self.add = add

    def __call__(self, name, body, args, results, tol=None):
        """body: ops that define %r0, %r1, ... of %a0, %a1, ...; results: their types."""
        ins = ", ".join("%%a%d: %s" % (i, text_type(a)) for i, a in enumerate(args))
        values = ", ".join("%%r%d" % i for i in range(len(results)))
        text = "module @%s {\n  func.func public @main(%s) -> (%s) {\n%s\n    return %s : %s\n  }\n}\n" % (
            name, ins, ", ".join(results), body.strip("\n"), values, ", ".join(results))
        self.add(name, lambda *a: a, *args, main=lambda *a: text, want=lambda *a: run(text, a), x64=True, tol=tol)


def some(rng, dtype, shape):
    if dtype == "bool":
        return rng.integers(0, 2, shape).astype(bool)
    low = 0 if dtype[0] == "u" else -9
    return rng.integers(low, 9, shape).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)


def ints(v):
    return "[" + ", ".join(str(int(x)) for x in v) + "]"


LOGIC = ["or", "xor", "and"]


def body_of(which, t):
    """The lines of an update computation of %old and %new that give %s."""
    one = {"i1": "true"}.get(t, "1.0" if t[0] in "fb" else "1")
    lines = {
        "set": "%s = stablehlo.maximum %new, %new : $T",
        "keep": "%s = stablehlo.minimum %old, %old : $T",
        "affine": "%one = stablehlo.constant dense<ONE> : $T\n%two = stablehlo.add %old, %old : $T\n%d = stablehlo.subtract %two, %new : $T\n%s = stablehlo.add %d, %one : $T",
        "larger_or_sum": "%g = stablehlo.compare GT, %old, %new : ($T, $T) -> tensor<i1>\n%q = stablehlo.add %old, %new : $T\n%s = stablehlo.select %g, %old, %q : tensor<i1>, $T",
    }.get(which, "%%s = stablehlo.%s %%old, %%new : $T" % which)
    return lines.replace("$T", "tensor<%s>" % t).replace("ONE", one)


def scatter(program, rng, number):
    """Dimension numbers that fit together, drawn at random."""
    rank = int(rng.integers(1, 5))
    shape = rng.integers(1, 5, rank)
    if rng.random() < 0.05:
        shape[rng.integers(0, rank)] = 0
    role = rng.choice(["window", "window", "inserted", "batch"], rank)
    batch = [d for d in range(rank) if role[d] == "batch"]
    inserted = [d for d in range(rank) if role[d] == "inserted"]
    window = [d for d in range(rank) if role[d] == "window"]
    size = {d: int(rng.integers(0 if rng.random() < 0.1 else min(1, shape[d]), shape[d] + 1)) for d in window}
    if any(shape[d] == 0 for d in inserted):
        return
    indexed = [d for d in range(rank) if d not in batch and (d in inserted or rng.random() < 0.6)]
    rng.shuffle(indexed)
    more = rng.integers(1, 4, rng.integers(0, 3))
    axes = [("batch", d, int(shape[d])) for d in batch] + [("more", None, int(n)) for n in more]
    rng.shuffle(axes)
    axes = [(a, None if d is None else int(d), int(n)) for a, d, n in axes]
    dims = [n for _, _, n in axes]
    vector = int(rng.integers(0, len(axes) + 1))
    implicit = len(indexed) == 1 and rng.random() < 0.3
    if implicit:
        vector = len(axes)
    index_shape = dims if implicit else dims[:vector] + [len(indexed)] + dims[vector:]
    if not indexed and np.prod(dims) > 1:     # all windows are the same one: XLA applies the last of the updates only
        return
    place = {d: [i for i, a in enumerate(axes) if a[:2] == ("batch", d)][0] for d in batch}
    place = {d: p + (not implicit and p >= vector) for d, p in place.items()}
    t = rng.choice(["int8", "int16", "int64", "uint8", "uint32", "bool", "int32", "float32", "float64", "float16", "bfloat16"]) if number % 3 else "float32"
    unique = rng.random() < 0.35
    index = np.zeros(index_shape, rng.choice(["int32", "int64", "int16"]))
    flat = np.moveaxis(index, vector, -1) if not implicit else index[..., None]
    for k, d in enumerate(indexed):
        reach = int(shape[d]) - size.get(d, 1)
        flat[..., k] = rng.integers(-1, reach + 2, flat.shape[:-1])
    if unique:     # no two windows may meet: one row, or rows whose windows are single elements that differ
        full = [np.concatenate([np.array([i for i, a in zip(at, axes) if a[0] == "batch"], int), flat[at]]) for at in np.ndindex(*dims)]
        unique = len(full) <= 1 or (all(size[d] <= 1 or d not in indexed for d in window) and len({tuple(r) for r in full}) == len(full))
    computation = rng.choice(LOGIC + ["maximum", "minimum"]) if t == "bool" else rng.choice(["add", "maximum", "minimum", "add", "multiply"])
    if t[0] in "iu" and rng.random() < 0.2:
        computation = rng.choice(LOGIC)
    if unique:
        computation = rng.choice(["set", "keep"] + ([] if t == "bool" else ["affine", "larger_or_sum"]))
    if computation == "multiply" and t not in ("float64", "int64", "uint32", "int32", "int8", "uint8", "int16"):
        computation = "add"
    n = 2 if rng.random() < 0.25 else 1
    x = [some(rng, t, shape) for _ in range(n)]
    total = len(dims) + len(window)
    offset = sorted(rng.choice(total, len(window), replace=False)) if window else []
    update, free, w = [], list(dims), [size[d] for d in window]
    for i in range(total):
        update.append(w.pop(0) if i in offset else free.pop(0))
    u = [some(rng, t, update) for _ in range(n)]
    e = kind(x[0])
    args = ", ".join("%%o%d: tensor<%s>" % (i, e) for i in range(n)) + ", " + ", ".join("%%n%d: tensor<%s>" % (i, e) for i in range(n))
    region = ""
    for i in range(n):
        part = body_of(computation, e)
        for v in ("old", "new"):
            part = part.replace("%" + v, "%%%s%d" % (v[0], i))
        for v in ("s", "one", "two", "d", "g", "q"):
            part = part.replace("%%%s " % v, "%%%s%d " % (v + "x", i)).replace("%%%s," % v, "%%%s%d," % (v + "x", i))
        region += "      " + part.replace("\n", "\n      ") + "\n"
    names = lambda first: ", ".join("%%a%d" % (first + i) for i in range(n))
    types = ", ".join([text_type(a) for a in x] + [text_type(index)] + [text_type(a) for a in u])
    results = [text_type(a) for a in x]
    give = ", ".join("%%sx%d" % i for i in range(n))
    program("scatter_%d_%s" % (number, computation), """
    %s = "stablehlo.scatter"(%s, %%a%d, %s) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = %s, inserted_window_dims = %s, input_batching_dims = %s, scatter_indices_batching_dims = %s, scatter_dims_to_operand_dims = %s, index_vector_dim = %d>, unique_indices = %s}> ({
    ^bb0(%s):
%s      stablehlo.return %s : %s
    }) : (%s) -> %s""" % (
        "%r0" if n == 1 else "%r:2", names(0), n, names(n + 1), ints(offset), ints(inserted), ints(batch), ints([place[d] for d in batch]),
        ints(indexed), vector, "true" if unique and rng.random() < 0.5 else "false", args, region, give, ", ".join(["tensor<%s>" % e] * n), types,
        results[0] if n == 1 else "(%s)" % ", ".join(results)) + ("\n    %r0, %r1 = stablehlo.optimization_barrier %r#0, %r#1 : " + ", ".join(results) if n == 2 else ""),
        x + [index] + u, results, tol=0)


def gather(program, rng, number):
    rank = int(rng.integers(1, 5))
    shape = rng.integers(1, 6, rank)
    role = rng.choice(["offset", "offset", "collapsed", "batch"], rank)
    batch = [d for d in range(rank) if role[d] == "batch"]
    collapsed = [d for d in range(rank) if role[d] == "collapsed"]
    kept = [d for d in range(rank) if role[d] == "offset"]
    size = [int(rng.integers(0 if rng.random() < 0.08 else 1, shape[d] + 1)) if d in kept else 1 for d in range(rank)]
    indexed = [d for d in range(rank) if d not in batch and rng.random() < 0.7]
    rng.shuffle(indexed)
    axes = [("batch", d, int(shape[d])) for d in batch] + [("more", -1, int(v)) for v in rng.integers(1, 4, rng.integers(0, 3))]
    axes = [axes[i] for i in rng.permutation(len(axes))]
    dims = [v for _, _, v in axes]
    vector = int(rng.integers(0, len(axes) + 1))
    implicit = len(indexed) == 1 and rng.random() < 0.3
    vector = len(axes) if implicit else vector
    index_shape = dims if implicit else dims[:vector] + [len(indexed)] + dims[vector:]
    place = [[i for i, a in enumerate(axes) if a[:2] == ("batch", d)][0] for d in batch]
    place = [p + (not implicit and p >= vector) for p in place]
    it = rng.choice(["int32", "int64", "uint8", "int8", "uint32"])
    index = rng.integers(0 if it[0] == "u" else -3, 8, index_shape).astype(it)
    x = some(rng, rng.choice(["float32", "int8", "bool", "float64", "uint16"]), shape)
    total = len(dims) + len(kept)
    offset = sorted(rng.choice(total, len(kept), replace=False)) if kept else []
    out, free, w = [], list(dims), [size[d] for d in kept]
    for i in range(total):
        out.append(w.pop(0) if i in offset else free.pop(0))
    r = text_type(x, out)
    program("gather_%d" % number, """
    %%r0 = "stablehlo.gather"(%%a0, %%a1) <{dimension_numbers = #stablehlo.gather<offset_dims = %s, collapsed_slice_dims = %s, operand_batching_dims = %s, start_indices_batching_dims = %s, start_index_map = %s, index_vector_dim = %d>, indices_are_sorted = false, slice_sizes = array<i64: %s>}> : (%s, %s) -> %s""" % (
        ints(offset), ints(collapsed), ints(batch), ints(place), ints(indexed), vector, ints(size)[1:-1], text_type(x), text_type(index), r),
        [x, index], [r], tol=0)


def windows(rng, rank):
    return [rng.integers(1, 4, rank), rng.integers(1, 4, rank), rng.integers(-1, 3, (rank, 2))]


def select_and_scatter(program, rng, number):
    rank = int(rng.integers(1, 4))
    shape = rng.integers(3, 7, rank)
    window, stride, pad = windows(rng, rank)
    pad = np.maximum(pad, 0)
    out = (shape + pad.sum(1) - window) // stride + 1
    if (out < 1).any():
        return
    t = rng.choice(["float32", "float64", "int32"])
    x, u = some(rng, t, shape), some(rng, t, out)
    e = "tensor<%s>" % kind(x)
    compare = rng.choice(["GE", "LE", "GT", "LT"])
    combine = rng.choice(["add", "maximum", "minimum"])
    program("select_and_scatter_%d_%s" % (number, compare), """
    %%r0 = "stablehlo.select_and_scatter"(%%a0, %%a1, %%a2) <{padding = dense<%s> : tensor<%dx2xi64>, window_dimensions = array<i64: %s>, window_strides = array<i64: %s>}> ({
    ^bb0(%%x: %s, %%y: %s):
      %%c = stablehlo.compare %s, %%x, %%y : (%s, %s) -> tensor<i1>
      stablehlo.return %%c : tensor<i1>
    }, {
    ^bb0(%%x: %s, %%y: %s):
      %%c = stablehlo.%s %%x, %%y : %s
      stablehlo.return %%c : %s
    }) : (%s, %s, %s) -> %s""" % (pad.tolist(), rank, ints(window)[1:-1], ints(stride)[1:-1], e, e, compare, e, e, e, e, combine, e, e,
                                 text_type(x), text_type(u), e, text_type(x)), [x, u, np.array(3, t)], [text_type(x)], tol=0)


def reduce_window(program, rng, number):
    rank = int(rng.integers(1, 4))
    shape = rng.integers(1, 7, rank)
    window, stride, pad = windows(rng, rank)
    base, dilation = rng.integers(1, 3, rank), rng.integers(1, 3, rank)
    out = ((shape - 1) * base + 1 + pad.sum(1) - ((window - 1) * dilation + 1)) // stride + 1
    if (out < 1).any() or ((shape - 1) * base + 1 + pad.sum(1) < 1).any():
        return
    t = rng.choice(["float32", "int32", "uint8", "int64"])
    combine = rng.choice(["add", "maximum", "minimum", "multiply"])
    x = some(rng, t, shape)
    e = "tensor<%s>" % kind(x)
    r = text_type(x, out)
    program("reduce_window_%d_%s" % (number, combine), """
    %%r0 = "stablehlo.reduce_window"(%%a0, %%a1) <{base_dilations = array<i64: %s>, padding = dense<%s> : tensor<%dx2xi64>, window_dilations = array<i64: %s>, window_dimensions = array<i64: %s>, window_strides = array<i64: %s>}> ({
    ^bb0(%%x: %s, %%y: %s):
      %%c = stablehlo.%s %%x, %%y : %s
      stablehlo.return %%c : %s
    }) : (%s, %s) -> %s""" % (ints(base)[1:-1], pad.tolist(), rank, ints(dilation)[1:-1], ints(window)[1:-1], ints(stride)[1:-1], e, e, combine, e, e,
                             text_type(x), e, r), [x, np.array(2, t)], [r], tol=0 if t != "float32" else 1e-6)


def sort(program, rng, number):
    rank = int(rng.integers(1, 4))
    shape = rng.integers(1, 6, rank)
    dim = int(rng.integers(0, rank))
    shape[dim] = rng.integers(1, 40)
    a = rng.integers(0, 4, shape).astype(rng.choice(["int32", "float32", "uint8"]))
    b = rng.normal(0, 2, shape).astype(np.float32)
    b[rng.random(b.shape) < 0.2] = np.nan
    b[rng.random(b.shape) < 0.2] = -0.0
    b[rng.random(b.shape) < 0.1] = np.inf
    c = np.arange(a.size, dtype=np.int16).reshape(shape)
    e = "tensor<%s>" % kind(a)
    first, second = rng.choice(["LT", "GT"], 2)
    program("sort_%d" % number, """
    %%r0, %%r1, %%r2 = "stablehlo.sort"(%%a0, %%a1, %%a2) <{dimension = %d : i64, is_stable = true}> ({
    ^bb0(%%a: %s, %%b: %s, %%c: tensor<f32>, %%d: tensor<f32>, %%e: tensor<i16>, %%f: tensor<i16>):
      %%p = stablehlo.compare %s, %%a, %%b : (%s, %s) -> tensor<i1>
      %%q = stablehlo.compare EQ, %%a, %%b : (%s, %s) -> tensor<i1>
      %%s = stablehlo.compare %s, %%c, %%d, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      %%t = stablehlo.and %%q, %%s : tensor<i1>
      %%u = stablehlo.or %%p, %%t : tensor<i1>
      stablehlo.return %%u : tensor<i1>
    }) : (%s, %s, %s) -> (%s, %s, %s)""" % ((dim, e, e, first, e, e, e, e, second) + tuple(text_type(v) for v in (a, b, c)) * 2),
        [a, b, c], [text_type(v) for v in (a, b, c)], tol=0)


def slices(program, rng, number):
    rank = int(rng.integers(1, 4))
    shape = rng.integers(1, 6, rank)
    size = np.array([rng.integers(0, n + 1) for n in shape])
    x, u = some(rng, "float32", shape), some(rng, "float32", size)
    it = rng.choice(["int32", "int64", "uint8", "int8", "uint32"])
    at = [np.array(rng.integers(0 if it[0] == "u" else -4, 9), it) for _ in range(rank)]
    names = ", ".join("%%a%d" % (i + 2) for i in range(rank))
    types = ", ".join(text_type(v) for v in at)
    program("slices_%d" % number, """
    %%r0 = stablehlo.dynamic_slice %%a0, %s, sizes = %s : (%s, %s) -> %s
    %%r1 = stablehlo.dynamic_update_slice %%a0, %%a1, %s : (%s, %s, %s) -> %s""" % (
        names, ints(size), text_type(x), types, text_type(u), names, text_type(x), text_type(u), types, text_type(x)),
        [x, u] + at, [text_type(u), text_type(x)], tol=0)


def bits(program):
    for t in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
        info = np.iinfo(t)
        v = np.array([info.min, info.max, 0, 1, info.max // 2, info.max // 3, info.min // 2], t)
        n = info.bits
        by = np.array([0, 1, n - 1, n, n + 1, info.max] + ([-1, info.min] if t[0] == "i" else []), t)
        x, s = v[:, None].repeat(len(by), 1), by[None].repeat(len(v), 0)
        k = text_type(x)
        lines = ["%%r%d = stablehlo.%s %%a0, %%a1 : %s" % (i, op, k) for i, op in enumerate(("shift_left", "shift_right_arithmetic", "shift_right_logical", "and", "xor"))]
        lines += ["%%r%d = stablehlo.%s %%a0 : %s" % (i + 5, op, k) for i, op in enumerate(("popcnt", "count_leading_zeros", "not", "negate"))]
        program("bits_" + t, "\n".join("    " + l for l in lines), [x, s], [k] * 9, tol=0)
    for t in ("float32", "float64", "float16"):
        info = np.finfo(t)
        v = np.array([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.0, -0.0, np.inf, -np.inf, np.nan, info.max, -info.max, 0.49999997, -0.49999997, 1e-3, 4194303.5, 8388609,
                      2.0 ** (info.nmant - 1) + 0.5, 2.0 ** info.nmant - 0.5, 1 - info.epsneg, -1 + info.epsneg]).astype(t)
        k = text_type(v)
        ops = ("round_nearest_even", "round_nearest_afz", "floor", "ceil", "sign", "abs")
        lines = ["%%r%d = stablehlo.%s %%a0 : %s" % (i, op, k) for i, op in enumerate(ops)]
        lines += ["%%r%d = stablehlo.reduce_precision %%a0, format = e%dm%d : %s" % (i + 6, e, m, k) for i, (e, m) in enumerate([(5, 2), (4, 3), (8, 7), (2, 1), (5, 10)])]
        program("round_" + t, "\n".join("    " + l for l in lines), [v], [k] * 11, tol=0)


def cases(add):
    program = Programs(add)
    for maker, n in ((scatter, 90), (gather, 60), (select_and_scatter, 24), (reduce_window, 30), (sort, 16), (slices, 16)):
        for number in range(n):
            maker(program, np.random.default_rng([number, len(maker.__name__)]), number)
    bits(program)
