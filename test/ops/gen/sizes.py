"""Cases of nonzero and unique, and of ops on what they give: numpy's argwhere and unique."""
import numpy as np

from emit import DTYPES, FLOATS, File, Hash, T


def some(t, shape, seed):
    """Numbers of which about half are 0."""
    h = Hash("u32", shape, seed).x
    x = np.where(h & 4, (h % 5).astype(np.int64) - (2 if t in FLOATS or t[0] == "i" else 0), 0)
    return T(x.astype(bool) if t == "bool" else x, t)


def bound(shape):
    return int(np.prod(shape, dtype=np.int64))


def sizes():
    f = File("nonzero, unique: sizes that are data.")

    def nonzero(name, x, dims=None, most=None):
        at = np.argwhere(x.x)
        size = "K<=%s" % (most or bound(x.x.shape))
        f.case("nonzero_" + name, {"x": x}, {"i": T(at), "k": T(np.int64(len(at)))}, "%i, %k = nonzero %x {size = K}",
               {"x": dims} if dims else None, {"i": [size, x.x.ndim]})

    def unique(name, x, dims=None, most=None):
        v, i, b, c = np.unique(x.x.ravel(), return_index=True, return_inverse=True, return_counts=True)
        size = ["U<=%s" % (most or bound(x.x.shape))]
        f.case("unique_" + name, {"x": x}, {"v": T(v, x.dtype), "i": T(i), "b": T(b.ravel()), "c": T(c), "k": T(np.int64(len(v)))},
               "%v, %i, %b, %c, %k = unique %x {size = U}", {"x": dims} if dims else None,
               {"v": size, "i": size, "b": [most or bound(x.x.shape)], "c": size})

    for t in DTYPES:
        nonzero(t, some(t, (3, 4), 7))
        unique(t, some(t, (3, 5), 8))
    for t in FLOATS:
        special = T(np.array([0.0, -0.0, np.nan, 1, np.inf, -np.nan, -np.inf, 0, 1, -0.0, 3]), t)
        nonzero("special_" + t, special)
        unique("special_" + t, special)
        unique("zero_" + t, T(np.array([-0.0, 0.0, -0.0, -1]), t))
    for shape in ((), (1,), (0,), (0, 3), (3, 0), (2, 3, 4), (1, 7, 1, 3)):
        text = "x".join(map(str, shape)) or "scalar"
        nonzero(text, some("f32", shape, 9))
        unique(text, some("i32", shape, 10))
    nonzero("none", T(np.zeros((4, 5), np.float32)))
    nonzero("all", T(np.ones((4, 5), np.float32)))
    unique("same", T(np.full(9, 4, np.int8)))
    unique("all", T(np.array([5, 3, 9, -1, 0], np.int64)))
    nonzero("symbolic", some("f32", (5, 9), 11), ["N", "M"], "N*M")
    nonzero("long", some("f32", (70, 61), 12), ["N", 61], "N*61")
    unique("symbolic", some("i32", (5, 9), 13), ["N", "M"], "N*M")
    unique("long", T(Hash("i32", (3000,), 14).x % 700, "i32"), ["N"], "N")

    x, w = some("f32", (40, 6), 15), some("f32", (6, 9), 16)
    rows = np.flatnonzero(x.x[:, 0])
    r = x.x[rows]
    f.case("rows", {"x": x, "w": w}, {"y": T(r @ w.x), "s": T(r.sum(0)), "g": T(r.T @ r), "k": T(np.int64(len(rows)))},
           ["%c = slice %x {start = [0, 0], limit = [N, 1]}", "%i, %k = nonzero %c {size = K}",
            "%z = slice %i {start = [0, 0], limit = [K, 1]}", "%j = reshape %z {shape = [K]}", "%r = take %x, %j",
            "%y = matmul %r, %w", "%s = reduce_sum %r {dims = [0]}", "%t = transpose %r {permutation = [1, 0]}", "%g = matmul %t, %r"],
           {"x": ["N", 6]}, {"y": ["K<=N", 9]})
    z = T(np.array([7, 8, 9], np.float32))
    flat = x.x.ravel()
    taken = flat[flat != 0]
    f.case("joined", {"x": x, "z": z}, {"y": T(np.concatenate([z.x, taken * 2 + 1, z.x])), "k": T(np.int64(len(taken))),
                                        "d": T(np.int64(2 * len(taken) + 1)), "n": T(np.arange(len(taken), dtype=np.int32))},
           ["%i, %k = nonzero %x {size = K}", "%g = gather_nd %x, %i", "%h = mul %g, 2", "%l = add %h, 1",
            "%y = concatenate %z, %l, %z {dim = 0}", "%d = dimension {value = 2*K + 1}", "%n = iota {dim = 0, dtype = i32, shape = [K]}"],
           {"x": ["N", "M"]}, {"y": ["(K<=N*M)+6"], "n": ["K<=N*M"]})
    v, c = np.unique(taken, return_counts=True)
    f.case("both", {"x": x}, {"v": T(v), "c": T(c), "u": T(np.int64(len(v))), "m": T(np.int64(c.max()))},
           ["%i, %k = nonzero %x {size = K}", "%g = gather_nd %x, %i", "%v, %f, %b, %c, %u = unique %g {size = U}",
            "%m = reduce_max %c {dims = [0]}"], {"x": ["N", "M"]}, {"v": ["U<=N*M"], "c": ["U<=N*M"]})
    size = T(np.int64(3))
    f.case("define_size", {"x": x, "n": size}, {"y": T(x.x[:3]), "s": T(x.x[:3].sum()), "k": size},
           ["%k = define_size %n {size = K<=40}", "%y = slice %x {start = [0, 0], limit = [K, 6]}", "%s = reduce_sum %y {dims = [0, 1]}"],
           None, {"y": ["K<=40", 6]})
    f.case("inner_axis", {"x": x, "n": size}, {"y": T(-x.x[:, :3]), "k": size},
           ["%k = define_size %n {size = K<=6}", "%c = slice %x {start = [0, 0], limit = [N, K]}", "%y = neg %c"],
           {"x": ["N", 6]}, {"y": ["N", "K<=6"]})

    def loop(x):
        total = 0
        for _ in range(3):
            total += np.count_nonzero(x)
            x = np.where(x != 0, x - np.sign(x), x)
        return x, total

    y, total = loop(x.x)
    f.case("loop", {"x": x}, {"y": T(y), "t": T(np.int64(total))},
           ["%zero = constant 0 : i64[]",
            "%n, %y, %t = while (%zero, %x, %zero) cond (%a: i64[], %b: f32[N, M], %c: i64[]) { %p = compare %a, 3 {dir = lt}  yield %p }",
            "do (%a: i64[], %b: f32[N, M], %c: i64[]) {", "  %i, %k = nonzero %b {size = K}", "  %g = gather_nd %b, %i",
            "  %s = sign %g", "  %d = sub %g, %s", "  %e = scatter_nd %b, %i, %d", "  %o = add %a, 1", "  %q = add %c, %k",
            "  yield %o, %e, %q", "}"], {"x": ["N", "M"]}, {"y": ["N", "M"]})
    for name, way in (("then", True), ("else", False)):
        f.case("cond_" + name, {"x": x, "p": T(np.bool_(way))}, {"s": T(np.int64(len(v) if way else len(taken) * (len(taken) - 1) // 2))},
               ["%i, %k = nonzero %x {size = K}", "%s = cond %p then {", "  %g = gather_nd %x, %i",
                "  %v, %f, %b, %c, %u = unique %g {size = U}", "  yield %u", "} else {",
                "  %j = iota {dim = 0, dtype = i64, shape = [K]}", "  %s = reduce_sum %j {dims = [0]}", "  yield %s", "}"], {"x": ["N", "M"]})
    return f


FILES = {"sizes": sizes}
