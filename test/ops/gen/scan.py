"""Cases of cumulate, cumsum and cumprod: one chain, so exact; and of norms of samples, against numpy in extended precision."""
import numpy as np

import orders
from composites import narrow, small
from elementwise import round_to
from emit import FLOATS, INTS, File, Hash, T
from reduction import body, combiner, wide

ld = np.longdouble


def chain(x, init, axis, fold, reverse=False, exclusive=False):
    """x, init: lists of arrays; the states of fold(acc, x) along an axis."""
    x = [np.moveaxis(v, axis, 0) for v in x]
    x = [v[::-1] if reverse else v for v in x]
    acc, out = [np.broadcast_to(i, v.shape[1:]).astype(v.dtype) for i, v in zip(init, x)], []
    for i in range(len(x[0])):
        new = fold(acc, [v[i] for v in x])
        out.append(acc if exclusive else new)
        acc = new
    out = [np.array([s[k] for s in out], x[k].dtype).reshape(x[k].shape) for k in range(len(x))]
    return [np.moveaxis(v[::-1] if reverse else v, 0, axis) for v in out]


FORMS = [(False, False), (True, False), (False, True), (True, True)]


def flags(reverse, exclusive):
    return (", reverse = true" if reverse else "") + (", exclusive = true" if exclusive else "")


def cumulate():
    f = File("cumulate, cumsum, cumprod: one chain along an axis.")
    for t in FLOATS + INTS:
        x = Hash(t, (3, 37, 2), 51)
        for name, op, start in (("cumsum", "add", 0), ("cumprod", "mul", 1)):
            outs, lines = {}, []
            v = x if op == "add" or t not in FLOATS else small(t, (3, 37, 2), 52, -2, 3, 1)
            for i, (reverse, exclusive) in enumerate(FORMS):
                axis = (1, 0, -1, 1)[i]
                y = chain([wide(v)], [wide(T(np.asarray(start), t))], axis, combiner(op, t), reverse, exclusive)[0]
                outs["y%d" % i] = round_to(y, t) if t in FLOATS else T(y, t)
                lines.append("%%y%d = %s %%x {axis = %d%s}" % (i, name, axis, flags(reverse, exclusive)))
            dims = [["N", 37, 2], [3, "N", 2]][op == "add"]
            f.case("%s_%s" % (name, t), {"x": v}, outs, lines, {"x": dims}, {k: dims for k in outs})
    x, i = Hash("f32", (1500,), 53), T(np.float32(0))
    f.case("long", {"x": x}, {"y": T(chain([x.x], [i.x], 0, combiner("add", "f32"))[0])}, "%y = cumsum %x", {"x": ["N"]}, {"y": ["N"]})
    x = T(np.array([[-0.0, 1, np.inf, 2], [1e-45, np.nan, 3, 4], [-0.0, -0.0, 3e38, 3e38], [np.inf, -np.inf, 1, 0]]), "f32")
    with np.errstate(all="ignore"):
        f.case("far", {"x": x}, {"y": T(chain([x.x], [i.x], 1, combiner("add", "f32"))[0]), "z": T(chain([x.x], [np.float32(1)], 1, combiner("mul", "f32"))[0])},
               ["%y = cumsum %x", "%z = cumprod %x"], {"x": ["N", 4]}, {"y": ["N", 4], "z": ["N", 4]})
    for shape in ((0,), (0, 3), (3, 0), (1, 1)):
        e = T(np.ones(shape), "f32")
        dims = ["N" if k == 0 else d for k, d in enumerate(shape)]
        f.case("empty_%s" % "x".join(map(str, shape)), {"x": e}, {"y": e}, "%y = cumsum %x {axis = 0}", {"x": dims}, {"y": dims})
    bodies(f)
    return f


def bodies(f):
    x, z = Hash("f32", (4, 9), 54), Hash("i32", (4, 9), 55)

    def fold(a, b):
        return [a[0] * np.float32(0.5) + b[0], a[1] ^ b[1]]
    for i, (reverse, exclusive) in enumerate(FORMS):
        y = chain([x.x, z.x], [np.float32(3), np.int32(5)], i % 2, fold, reverse, exclusive)
        f.case("decay_%d" % i, {"x": x, "z": z, "i": T(np.float32(3)), "j": T(np.int32(5))}, {"y": T(y[0]), "w": T(y[1])},
               "%%y, %%w = cumulate %%x, %%z, %%i, %%j {dim = %d%s} (%%a: f32[], %%b: i32[], %%c: f32[], %%d: i32[]) { %%h = constant 0.5 : f32[]  "
               "%%m = mul %%a, %%h  %%p = add %%m, %%c  %%q = xor %%b, %%d  yield %%p, %%q }" % (i % 2, flags(reverse, exclusive)))
    # Producers, users, and a value from outside of the region.
    k = T(np.float32(0.25))
    y = chain([-x.x], [np.float32(0)], 0, lambda a, b: [a[0] * k.x + b[0]])[0]
    f.case("fused", {"x": x, "k": k}, {"y": T(y * x.x), "z": T(y.T)}, ["%n = neg %x", "%i = constant 0.0 : f32[]",
           "%c = cumulate %n, %i {dim = 0} (%a: f32[], %b: f32[]) { %m = mul %a, %k  %s = add %m, %b  yield %s }", "%y = mul %c, %x",
           "%z = transpose %c {permutation = [1, 0]}"], {"x": ["N", 9]}, {"y": ["N", 9], "z": [9, "N"]})
    y = chain([-x.x], [np.float32(0)], 0, combiner("add", "f32"))[0]
    f.case("fused_sum", {"x": x}, {"y": T(y * x.x), "z": T(y.T)}, ["%n = neg %x", "%c = cumsum %n {axis = 0}", "%y = mul %c, %x",
           "%z = transpose %c {permutation = [1, 0]}"], {"x": ["N", 9]}, {"y": ["N", 9], "z": [9, "N"]})
    w = T(np.array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]]), "u8")
    f.case("running_max", {"x": w, "i": T(np.array(0), "u8")}, {"y": T(np.maximum.accumulate(w.x, 1), "u8")},
           "%y = cumulate %x, %i {dim = 1} " + body("max", "u8"))


def normal(x, over, epsilon):
    return (x - x.mean(axis=over, keepdims=True)) / np.sqrt(x.var(axis=over, keepdims=True) + ld(epsilon))


def norms():
    f = File("group_norm, instance_norm, rms_norm, lrn.")
    for t in FLOATS:
        eps = 1 if t in ("f16", "bf16") else 16
        for i, (shape, sym, axis, groups) in enumerate([((3, 5, 8), 0, -1, 2), ((2, 6, 4, 3), 3, 1, 3), ((2, 4), 0, 1, 1), ((1, 3, 6), 1, 2, 6)]):
            n, x = shape[axis], small(t, shape, 81 + i)
            at = [n if k == axis % len(shape) else 1 for k in range(len(shape))]
            s, o, v = small(t, (n,), 82 + i), small(t, (n,), 83 + i), x.x.astype(ld)
            dims = ["N" if k == sym else d for k, d in enumerate(shape)]
            cut = np.moveaxis(v, axis, 1).reshape((shape[0], groups, -1))
            back = [n if k == 1 else d for k, d in enumerate(np.moveaxis(v, axis, 1).shape)]
            y = np.moveaxis(normal(cut, 2, 0.001).reshape(back), 1, axis)
            scale, offset = s.x.astype(ld).reshape(at), o.x.astype(ld).reshape(at)
            over = tuple(k for k in range(1, len(shape)) if k != axis % len(shape))
            ins = {"x": x, "s": s, "o": o}
            f.case("group_norm_%s_%d" % (t, i), ins, {"y": narrow(y * scale + offset, t)},
                   "%%y = group_norm %%x, %%s, %%o {groups = %d, axis = %d}" % (groups, axis), {"x": dims}, {"y": dims}, eps=eps)
            f.case("instance_norm_%s_%d" % (t, i), ins, {"y": narrow(normal(v, over, 0.01) * scale + offset, t)},
                   "%%y = instance_norm %%x, %%s, %%o {axis = %d, epsilon = 0.01}" % axis, {"x": dims}, {"y": dims}, eps=eps)
        for i, (shape, sym, axis) in enumerate([((6, 40), 1, -1), ((2, 3, 17), 0, -2), ((9,), None, 0)]):
            start = axis % len(shape)
            x, s = small(t, shape, 91 + i), small(t, shape[start:], 92 + i)
            v, dims = x.x.astype(ld), ["N" if k == sym else d for k, d in enumerate(shape)]
            y = v / np.sqrt((v * v).mean(axis=tuple(range(start, len(shape))), keepdims=True) + ld(1e-6)) * s.x.astype(ld)
            f.case("rms_norm_%s_%d" % (t, i), {"x": x, "s": s}, {"y": narrow(y, t)}, "%%y = rms_norm %%x, %%s {axis = %d}" % axis,
                   {"x": dims, "s": dims[start:]}, {"y": dims}, eps=eps)
        for i, (size, axis, alpha, beta, bias) in enumerate([(3, -1, 1e-4, 0.75, 1), (4, 1, 0.5, 0.5, 2), (1, 0, 1, 1, 0.25), (11, 2, 0.125, 0.75, 1)]):
            x = small(t, (3, 5, 7), 101 + i)
            v = np.moveaxis(x.x.astype(ld), axis, -1)
            square, low = v * v, (size - 1) // 2
            sums = np.zeros_like(square)
            for c in range(v.shape[-1]):
                sums[..., c] = square[..., max(c - low, 0):c + size - low].sum(axis=-1)
            y = np.moveaxis(v / (bias + ld(alpha) / size * sums) ** ld(beta), -1, axis)
            f.case("lrn_%s_%d" % (t, i), {"x": x}, {"y": narrow(y, t)},
                   "%%y = lrn %%x {size = %d, axis = %d, alpha = %r, beta = %r, bias = %r}" % (size, axis, float(alpha), float(beta), float(bias)),
                   {"x": ["N", 5, 7]}, {"y": ["N", 5, 7]}, ulp=1 if eps == 1 else 8)
    return f


FILES = {"cumulate": cumulate, "norms": norms}
