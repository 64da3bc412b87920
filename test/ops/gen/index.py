"""Cases of gather, scatter and sort, by loops that follow StableHLO's specification word by word."""
import functools

import numpy as np

from elementwise import round_to
from emit import DTYPES, FLOATS, INTS, File, Hash, T


def start_at(indices, batch, ivd):
    at = list(batch)
    if ivd == indices.ndim:
        return [indices[tuple(at)]]
    return [indices[tuple(at[:ivd] + [k] + at[ivd:])] for k in range(indices.shape[ivd])]


def gather_values(x, idx, offset, collapsed, obatch, ibatch, smap, ivd, sizes):
    batch_shape = [n for i, n in enumerate(idx.shape) if i != ivd]
    window = [d for d in range(x.ndim) if d not in collapsed and d not in obatch]
    rank = len(batch_shape) + len(offset)
    others = [i for i in range(rank) if i not in offset]
    shape = [0] * rank
    for i, n in zip(others, batch_shape):
        shape[i] = n
    for i, d in zip(offset, window):
        shape[i] = sizes[d]
    y = np.zeros(shape, x.dtype)
    for at in np.ndindex(*shape):
        batch = [at[i] for i in others]
        s = start_at(idx, batch, ivd)
        full = [0] * x.ndim
        for k, d in enumerate(smap):
            full[d] = min(max(int(s[k]), 0), x.shape[d] - sizes[d])
        for d, b in zip(obatch, ibatch):
            full[d] = batch[b - (1 if b > ivd else 0)]
        for i, d in zip(offset, window):
            full[d] += at[i]
        y[at] = x[tuple(full)]
    return y


def gather():
    f = File("gather.")

    def one(name, x, idx, offset, collapsed, smap, ivd, sizes, obatch=(), ibatch=(), types=None, results=None):
        y = gather_values(x.x, idx.x, offset, collapsed, obatch, ibatch, smap, ivd, sizes)
        batching = ", operand_batching_dims = %s, start_indices_batching_dims = %s" % (list(obatch), list(ibatch)) if obatch else ""
        f.case(name, {"x": x, "n": idx}, {"y": T(y, x.dtype)},
               "%%y = gather %%x, %%n {offset_dims = %s, collapsed_slice_dims = %s%s, start_index_map = %s, "
               "index_vector_dim = %d, slice_sizes = %s}"
               % (list(offset), list(collapsed), batching, list(smap), ivd, list(sizes)), types, results)

    table = Hash("f32", (7, 5), 1)
    for t in ("i8", "i32", "i64", "u8", "u64"):
        rows = np.array([0, 3, 6, 6, 2, 9, 100]) if t[0] == "u" else np.array([0, 3, 6, -1, 2, 9, -100])
        one("rows_%s" % t, table, T(rows, t), [1], [0], [0], 1, [1, 5], types={"n": ["N"]}, results={"y": ["N", 5]})
    one("huge_unsigned", table, T(np.array([2**64 - 1, 1], np.uint64)), [1], [0], [0], 1, [1, 5])
    one("elements", table, T(np.array([[0, 0], [6, 4], [3, -5], [7, 5]], np.int32)), [], [0, 1], [0, 1], 1, [1, 1])
    one("windows", table, T(np.array([[1, 2], [6, 4]], np.int32)), [1, 2], [], [0, 1], 1, [3, 2])
    one("windows_first", table, T(np.array([[1, 2], [6, 4]], np.int32)), [0, 1], [], [0, 1], 1, [3, 2])
    one("map_swapped", table, T(np.array([[1, 2], [4, 6]], np.int32)), [1], [0], [1, 0], 1, [1, 3])
    one("vector_first", table, T(np.array([[1, 4, 6], [2, 3, 0]], np.int32)), [1], [1], [0, 1], 0, [2, 1])
    one("index_matrix", table, T(np.array([[[1], [4]], [[6], [0]]], np.int32)), [1], [0], [0], 2, [1, 4])
    one("batching", Hash("f32", (3, 6, 4), 2), T(np.array([[[1], [5]], [[0], [2]], [[9], [3]]], np.int32)), [2], [1], [1], 2, [1, 1, 4],
        [0], [0])
    one("batching_vector_first", Hash("f32", (3, 6, 4), 2), T(np.array([[[1, 5], [0, 2], [9, 3]]], np.int32)), [2], [1], [1], 0,
        [1, 1, 4], [0], [1])
    one("no_indices", table, T(np.zeros((0,), np.int32)), [1], [0], [0], 1, [1, 5], types={"n": ["N"]}, results={"y": ["N", 5]})
    one("scalar_index", table, T(np.int32(4)), [0], [0], [0], 0, [1, 5])
    one("no_components", table, T(np.zeros((2, 0), np.int32)), [1, 2], [], [], 1, [2, 2])
    for t in DTYPES:
        x = T(np.arange(6).reshape(3, 2) % 2, t) if t == "bool" else Hash(t, (3, 2), 3)
        one("type_%s" % t, x, T(np.array([2, 0, 1, 2], np.int32)), [1], [0], [0], 1, [1, 2])
    return f


def scatter_values(xs, idx, us, uwin, inserted, ibatch, sbatch, smap, ivd, fold):
    xs = [x.copy() for x in xs]
    window = [d for d in range(xs[0].ndim) if d not in inserted and d not in ibatch]
    scat = [i for i in range(us[0].ndim) if i not in uwin]
    extent = [1] * xs[0].ndim
    for i, d in zip(uwin, window):
        extent[d] = us[0].shape[i]
    for at in np.ndindex(*us[0].shape):
        batch = [at[i] for i in scat]
        s = start_at(idx, batch, ivd)
        full = [0] * xs[0].ndim
        for k, d in enumerate(smap):
            full[d] = int(s[k])
        for d, b in zip(ibatch, sbatch):
            full[d] = batch[b - (1 if b > ivd else 0)]
        if any(p < 0 or p + e > n for p, e, n in zip(full, extent, xs[0].shape)):
            continue                                # the whole window is skipped
        for i, d in zip(uwin, window):
            full[d] += at[i]
        to = tuple(full)
        for x, v in zip(xs, fold([x[to] for x in xs], [u[at] for u in us])):
            x[to] = v
    return xs


def scatter():
    f = File("scatter: updates in ascending order, windows that do not fit are skipped.")

    def one(name, x, idx, u, uwin, inserted, smap, ivd, op="add", ibatch=(), sbatch=(), types=None, results=None):
        t = x.dtype
        fold = {"add": lambda a, b: [plus(a[0], b[0], t)], "set": lambda a, b: b, "mul": lambda a, b: [a[0] * b[0]],
                "max": lambda a, b: [np.maximum(a[0], b[0])], "min": lambda a, b: [np.minimum(a[0], b[0])],
                "or": lambda a, b: [a[0] | b[0]], "and": lambda a, b: [a[0] & b[0]], "xor": lambda a, b: [a[0] ^ b[0]],
                "sub": lambda a, b: [a[0] - b[0]]}[op]
        with np.errstate(all="ignore"):
            y = scatter_values([x.x], idx.x, [u.x], uwin, inserted, ibatch, sbatch, smap, ivd, fold)[0]
        region = "{ yield %b }" if op == "set" else "{ %%c = %s %%a, %%b  yield %%c }" % op
        batching = ", input_batching_dims = %s, scatter_indices_batching_dims = %s" % (list(ibatch), list(sbatch)) if ibatch else ""
        f.case(name, {"x": x, "n": idx, "u": u}, {"y": T(y, t)},
               "%%y = scatter %%x, %%n, %%u {update_window_dims = %s, inserted_window_dims = %s%s, "
               "scatter_dims_to_operand_dims = %s, index_vector_dim = %d} (%%a: %s[], %%b: %s[]) %s"
               % (list(uwin), list(inserted), batching, list(smap), ivd, t, t, region), types, results)

    x = Hash("f32", (7, 5), 1)
    for t in ("i8", "i32", "i64", "u64"):
        rows = np.array([0, 3, 6, 3, 3, 9, 100] if t[0] == "u" else [0, 3, 6, -1, 3, 9, 3])
        one("rows_%s" % t, x, T(rows, t), Hash("f32", (7, 5), 2), [1], [0], [0], 1, types={"n": ["M"], "u": ["M", 5]})
    one("huge_unsigned", x, T(np.array([2**64 - 1, 1], np.uint64)), Hash("f32", (2, 5), 2), [1], [0], [0], 1)
    many = T(np.arange(300) * 7 % 5, "i32")
    one("add_many", x, many, Hash("f32", (300, 5), 3), [1], [0], [0], 1, types={"x": ["N", 5]}, results={"y": ["N", 5]})
    one("sub_many", x, many, Hash("f32", (300, 5), 3), [1], [0], [0], 1, "sub")
    one("set_last_wins", x, many, Hash("f32", (300, 5), 3), [1], [0], [0], 1, "set")
    one("elements", x, T(np.array([[0, 0], [6, 4], [3, -5], [7, 5], [0, 0]], np.int32)), Hash("f32", (5,), 4), [], [0, 1], [0, 1], 1)
    one("windows", x, T(np.array([[1, 2], [2, 1], [5, 4], [4, 3], [5, 0]], np.int32)), Hash("f32", (5, 3, 2), 5), [1, 2], [], [0, 1], 1)
    one("windows_first", x, T(np.array([[1, 2], [2, 1], [5, 4], [4, 3]], np.int32)), Hash("f32", (3, 2, 4), 5), [0, 1], [], [0, 1], 1)
    one("map_swapped", x, T(np.array([[1, 2], [4, 6], [2, 2]], np.int32)), Hash("f32", (3, 1), 6), [1], [0], [1, 0], 1)
    one("vector_first", x, T(np.array([[1, 4, 6], [2, 3, 0]], np.int32)), Hash("f32", (3, 1), 6), [1], [1], [0, 1], 0)
    one("batching", Hash("f32", (3, 6, 4), 7), T(np.array([[[1], [5]], [[0], [0]], [[9], [3]]], np.int32)), Hash("f32", (3, 2, 4), 8),
        [2], [1], [1], 2, "add", [0], [0])
    one("batching_vector_first", Hash("f32", (3, 6, 4), 7), T(np.array([[[1, 5], [0, 0], [9, 3]]], np.int32)),
        Hash("f32", (3, 2, 4), 8), [2], [1], [1], 0, "add", [0], [1])
    one("no_updates", x, T(np.zeros((0,), np.int32)), T(np.zeros((0, 5), np.float32)), [1], [0], [0], 1)
    one("scalar_index", x, T(np.int32(4)), Hash("f32", (5,), 9), [0], [0], [0], 0)
    for t in DTYPES:
        if t == "bool":
            bits, more = T(np.arange(6).reshape(3, 2) % 2, t), T(np.arange(8).reshape(4, 2) % 3 == 1, t)
            for op in ("or", "and", "xor", "set"):
                one("bool_" + op, bits, T(np.array([2, 0, 2, 2], np.int32)), more, [1], [0], [0], 1, op)
            continue
        for op in ("max", "min") + (("mul", "xor") if t in INTS else ()):
            one("%s_%s" % (op, t), Hash(t, (3, 2), 10), T(np.array([2, 0, 2, 2], np.int32)), Hash(t, (4, 2), 11), [1], [0], [0], 1, op)
        one("type_%s" % t, Hash(t, (3, 2), 10), T(np.array([2, 0, 2, 2], np.int32)), Hash(t, (4, 2), 11), [1], [0], [0], 1)
    y = scatter_values([x.x], many.x, [Hash("f32", (300, 5), 3).x], [1], [0], (), (), [0], 1,
                       lambda a, b: [a[0] * np.float32(0.5) if a[0] < b[0] else a[0] - b[0]])[0]
    f.case("branch", {"x": x, "n": many, "u": Hash("f32", (300, 5), 3)}, {"y": T(y)},
           "%y = scatter %x, %n, %u {update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], "
           "index_vector_dim = 1} (%a: f32[], %b: f32[]) { %l = compare %a, %b {dir = lt}  %h = constant 0.5 : f32[]  "
           "%c = cond %l then { %d = mul %a, %h  yield %d } else { %e = sub %a, %b  yield %e }  yield %c }")
    # Several operands.
    a, b = Hash("f32", (4,), 12), Hash("i32", (4,), 13)
    n, u, v = T(np.array([1, 1, 3], np.int32)), Hash("f32", (3,), 14), Hash("i32", (3,), 15)
    y = scatter_values([a.x, b.x], n.x, [u.x, v.x], [], [0], (), (), [0], 1, lambda p, q: [p[0] - q[0], p[1] ^ q[1]])
    f.case("two_operands", {"a": a, "b": b, "n": n, "u": u, "v": v}, {"y": T(y[0]), "z": T(y[1])},
           "%y, %z = scatter %a, %b, %n, %u, %v {update_window_dims = [], inserted_window_dims = [0], "
           "scatter_dims_to_operand_dims = [0], index_vector_dim = 1} (%p: f32[], %q: i32[], %r: f32[], %s: i32[]) "
           "{ %c = sub %p, %r  %d = xor %q, %s  yield %c, %d }")
    return f


def plus(a, b, t):
    if t in FLOATS:
        wide = np.float32 if t in ("f16", "bf16") else DTYPES[t]
        return round_to(np.asarray(a, wide) + np.asarray(b, wide), t).x
    return (a + b).astype(DTYPES[t])


def sort():
    f = File("sort.")

    def less(t, d):
        return "(%%a: %s[], %%b: %s[]) { %%c = compare %%a, %%b {dir = %s}  yield %%c }" % (t, t, d)
    for n in (0, 1, 2, 3, 5, 8, 100, 1000):
        x = Hash("f32", (2, n), n + 1)
        f.case("row_%d" % n, {"x": x}, {"y": T(np.sort(x.x, 1))}, "%%y = sort %%x {dim = 1} %s" % less("f32", "lt"),
               {"x": ["N", n]}, {"y": ["N", n]})
    x = Hash("f32", (4, 5, 3), 7)
    f.case("middle_axis", {"x": x}, {"y": T(-np.sort(-x.x, 1))}, "%%y = sort %%x {dim = 1} %s" % less("f32", "gt"))
    for t in DTYPES:
        x = T(np.arange(24) * 7 % 3 == 1, "bool") if t == "bool" else Hash(t, (24,), 5)
        f.case("type_%s" % t, {"x": x}, {"y": T(np.sort(x.x), t)}, "%%y = sort %%x {dim = 0} %s" % less(t, "lt"), {"x": ["N"]}, {"y": ["N"]})
    # Stable, several operands: keys with ties carry their positions along.
    k = T(np.arange(40) * 11 % 7, "i32")
    v = T(np.arange(40), "f32")
    p = np.argsort(k.x, kind="stable")
    f.case("stable_pairs", {"k": k, "v": v}, {"y": T(k.x[p]), "z": T(v.x[p])},
           "%y, %z = sort %k, %v {dim = 0} (%a: i32[], %b: i32[], %c: f32[], %d: f32[]) { %l = compare %a, %b {dir = lt}  yield %l }")
    # An order of no sense: merging asks the same questions, whatever the answers.
    x = Hash("i32", (9,), 3)
    f.case("always_less", {"x": x}, {"y": T(merged(x.x.tolist(), lambda a, b: True), "i32")},
           "%y = sort %x {dim = 0} (%a: i32[], %b: i32[]) { %t = constant true : bool[]  yield %t }")
    x = T(np.array([3, np.nan, 1, np.nan, -np.inf, 2, 0], np.float32))
    f.case("nan_with_lt", {"x": x}, {"y": T(np.array(merged(x.x.tolist(), lambda a, b: a < b)), "f32")},
           "%%y = sort %%x {dim = 0} %s" % less("f32", "lt"))
    total = functools.cmp_to_key(lambda a, b: (a > b) - (a < b))
    order = sorted([v for v in x.x.tolist() if v == v], key=total) + [np.nan, np.nan]
    f.case("nan_last", {"x": x}, {"y": T(np.array(order), "f32")},
           "%y = sort %x {dim = 0} (%a: f32[], %b: f32[]) { %l = compare %a, %b {dir = lt}  %n = compare %b, %b {dir = ne}  "
           "%m = compare %a, %a {dir = eq}  %o = and %n, %m  %c = or %l, %o  yield %c }")
    firsts(f, less)
    return f


def firsts(f, less):
    """`first`: the front of what a stable sort gives."""
    for n, first in ((0, 0), (1, 0), (1, 1), (2, 1), (5, 5), (8, 3), (100, 7), (1000, 64)):
        x = Hash("f32", (2, n), n + 3)
        f.case("first_%d_of_%d" % (first, n), {"x": x}, {"y": T(np.sort(x.x, 1)[:, :first])},
               "%%y = sort %%x {dim = 1, first = [%d]} %s" % (first, less("f32", "lt")), {"x": ["N", n]}, {"y": ["N", first]})
    x = Hash("i16", (4, 50, 3), 7)
    f.case("first_middle_axis", {"x": x}, {"y": T(-np.sort(-x.x, 1)[:, :6], "i16")},
           "%%y = sort %%x {dim = 1, first = [6]} %s" % less("i16", "gt"))
    up = np.arange(60, dtype=np.float32)
    for name, v in (("up", up), ("down", up[::-1].copy()), ("equal", up * 0)):
        p = np.argsort(v, kind="stable")
        f.case("first_%s" % name, {"x": T(v), "i": T(up.astype(np.int32))}, {"y": T(v[p][:9]), "j": T(p[:9].astype(np.int32))},
               "%y, %j = sort %x, %i {dim = 0, first = [9]} (%a: f32[], %b: f32[], %c: i32[], %d: i32[]) "
               "{ %l = compare %a, %b {dir = lt}  yield %l }")
    k = T(np.arange(40) * 11 % 7, "i32")
    v = T(np.arange(40), "f32")
    p = np.argsort(k.x, kind="stable")
    f.case("first_ties", {"k": k, "v": v}, {"y": T(k.x[p][:17]), "z": T(v.x[p][:17])},
           "%y, %z = sort %k, %v {dim = 0, first = [17]} (%a: i32[], %b: i32[], %c: f32[], %d: f32[]) "
           "{ %l = compare %a, %b {dir = lt}  yield %l }", {"k": ["N"], "v": ["N"]}, None)
    x = T(np.array([3, np.nan, 1, np.nan, -np.inf, 2, 0, np.nan, 7, -1], np.float32))
    f.case("first_nan_with_lt", {"x": x}, {"y": T(np.array(selected(x.x.tolist(), 4, lambda a, b: a < b)), "f32")},
           "%%y = sort %%x {dim = 0, first = [4]} %s" % less("f32", "lt"))


def selected(v, first, less):
    """The language's selection: a heap of places, the worst on top; of those that are not less than each other the later one."""
    def worse(i, j):
        return less(v[j], v[i]) or (not less(v[i], v[j]) and i > j)

    def sift(heap, hole, n, place):
        while 2 * hole + 1 < n:
            child = 2 * hole + 1
            if child + 1 < n and worse(heap[child + 1], heap[child]):
                child += 1
            if not worse(heap[child], place):
                break
            heap[hole] = heap[child]
            hole = child
        heap[hole] = place

    heap = list(range(first))
    for i in reversed(range(first // 2)):
        sift(heap, i, first, heap[i])
    for i in range(first, len(v)):
        if less(v[i], v[heap[0]]):
            sift(heap, 0, first, i)
    for n in reversed(range(1, first)):
        last, heap[n] = heap[n], heap[0]
        sift(heap, 0, n, last)
    return [v[i] for i in heap]


def merged(v, less):
    """The language's merge sort: runs of 1, 2, 4, ... merge, the later one overtakes when it is less."""
    run = 1
    while run < len(v):
        out = []
        for low in range(0, len(v), 2 * run):
            a, b = v[low:low + run], v[low + run:low + 2 * run]
            while a and b:
                out.append(b.pop(0) if less(b[0], a[0]) else a.pop(0))
            out += a + b
        v, run = out, 2 * run
    return v


FILES = {"gather": gather, "scatter": scatter, "sort": sort}
