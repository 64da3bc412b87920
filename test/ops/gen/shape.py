"""Cases of composites that change shapes, mask, choose and look up by index: all exact."""
import numpy as np

from emit import DTYPES, FLOATS, INTS, File, T
from move import numbers


def listed(v):
    return "[%s]" % ", ".join(str(i) for i in v)


def shapes():
    f = File("Composites that change shapes, mask and choose; reverse.")
    for t in DTYPES:
        x, y = numbers(t, 2, 3, 5), T(numbers(t, 2, 3, 5).x[::-1], t)
        outs = {"reversed": x.x[::-1, :, ::-1], "stacked": np.stack([x.x, y.x], 1), "stacked_last": np.stack([x.x, y.x, x.x], -1),
                "tiled": np.tile(x.x, (2, 1, 3)), "rolled": np.roll(x.x, (1, -2), (1, 2)), "upper": np.triu(x.x, 1), "lower": np.tril(x.x, -1),
                "upper_all": np.triu(x.x, -9), "split_0": x.x[:, :, :2], "split_1": x.x[:, :, 2:2], "split_2": x.x[:, :, 2:]}
        body = ["%reversed = reverse %x {dims = [2, 0]}", "%stacked = stack %x, %y {axis = 1}", "%stacked_last = stack %x, %y, %x {axis = -1}",
                "%tiled = tile %x {repeats = [2, 1, 3]}", "%rolled = roll %x {shift = [1, -2], dims = [1, 2]}", "%upper = triu %x {k = 1}",
                "%lower = tril %x {k = -1}", "%upper_all = triu %x {k = -9}", "%split_0, %split_1, %split_2 = split %x {sizes = [2, 0, 3], axis = 2}"]
        f.case("all_" + t, {"x": x, "y": y}, {k: T(v, t) for k, v in outs.items()}, body)
        f.case("where_" + t, {"p": T(x.x[0] > x.x[0, 0, 0] + 3 if t != "bool" else x.x[0]), "x": x, "y": T(x.x[1, 1], t)},
               {"z": T(np.where(x.x[0] > x.x[0, 0, 0] + 3 if t != "bool" else x.x[0], x.x, x.x[1, 1]), t)}, "%z = where %p, %x, %y")
    symbols(f)
    return f


def symbols(f):
    f32 = "f32"
    for n in (0, 1, 2, 5, 64):
        x = numbers(f32, n, 3)
        ndims = {"x": ["N", 3]}
        for i, (shift, axes) in enumerate([([1], [0]), ([-3], [-2]), ([1000003, 2], [0, 1]), ([0], [0]), ([5, -5], [0, 1])]):
            f.case("roll_%d_%d" % (n, i), {"x": x}, {"y": T(np.roll(x.x, shift, axes), f32)},
                   "%%y = roll %%x {shift = %s, dims = %s}" % (listed(shift), listed(axes)), ndims, {"y": ["N", 3]})
        for i, (repeats, out) in enumerate([((3, 2), ["N*3", 6]), ((4,), ["N", 12]), ((2, 1, 1), [2, "N", 3]), ((1, 0), ["N", 0]), ((7, 1), ["N*7", 3])]):
            f.case("tile_%d_%d" % (n, i), {"x": x}, {"y": T(np.tile(x.x, repeats), f32)}, "%%y = tile %%x {repeats = %s}" % listed(repeats), ndims,
                   {"y": out})
        f.case("reverse_%d" % n, {"x": x}, {"y": T(x.x[::-1], f32), "z": T(x.x[:, ::-1], f32), "w": T(x.x[::-1, ::-1] * np.float32(2) + x.x, f32)},
               ["%y = reverse %x {dims = [0]}", "%z = reverse %x {dims = [1]}", "%r = reverse %x {dims = [0, 1]}", "%s = add %r, %r", "%w = add %s, %x"],
               ndims, {k: ["N", 3] for k in "yzw"})
        for k in (-70, -2, 0, 1, 3):
            f.case("triangle_%d_%s" % (n, ("%d" % k).replace("-", "m")), {"x": x}, {"y": T(np.triu(x.x, k), f32), "z": T(np.tril(x.x, k), f32)},
                   ["%%y = triu %%x {k = %d}" % k, "%%z = tril %%x {k = %d}" % k], ndims, {"y": ["N", 3], "z": ["N", 3]})
        f.case("stack_%d" % n, {"x": x}, {"y": T(np.stack([x.x, x.x], 0), f32), "z": T(np.stack([x.x], 2), f32)},
               ["%y = stack %x, %x", "%z = stack %x {axis = 2}"], ndims, {"y": [2, "N", 3], "z": ["N", 3, 1]})
        f.case("split_%d" % n, {"o": numbers(f32, n), "x": numbers(f32, 3 * n + 1, 2)}, {"y": T(numbers(f32, 3 * n + 1, 2).x[:n], f32), "z": T(numbers(f32, 3 * n + 1, 2).x[n:], f32)},
               "%y, %z = split %x {sizes = [N, N*2 + 1]}", {"o": ["N"], "x": ["N*3 + 1", 2]}, {"y": ["N", 2], "z": ["N*2 + 1", 2]})
    x = numbers(f32, 1, 7, 1)
    f.case("squeeze", {"x": x}, {"y": T(x.x.reshape(7), f32), "z": T(x.x.reshape(7, 1), f32), "w": T(x.x.reshape(1, 1, 7, 1, 1), f32)},
           ["%y = squeeze %x", "%z = squeeze %x {dims = [0]}", "%w = expand_dims %x {dims = [1, -1]}"], {"x": [1, "N", 1]},
           {"y": ["N"], "z": ["N", 1], "w": [1, 1, "N", 1, 1]})
    f.case("dropout", {"x": T(np.array([np.nan, -0.0, 3]), f32)}, {"y": T(np.array([np.nan, -0.0, 3]), f32)}, "%y = dropout %x {rate = 0.9}", {"x": ["N"]},
           {"y": ["N"]})
    x = numbers(f32, 2, *[1] * 6, 2, *[1] * 7)          # more axes than can be repeated at once
    many = [1, 2] * 7 + [3]
    f.case("tile_many", {"x": x}, {"y": T(np.tile(x.x, many), f32)}, "%%y = tile %%x {repeats = %s}" % listed(many))
    x = T(np.float32(3))
    f.case("scalars", {"x": x, "p": T(np.array(False))}, {"y": T(np.tile(x.x, (2, 2)), f32), "z": T(np.stack([x.x, x.x]), f32), "w": T(np.float32(4)), "e": T(x.x.reshape(1))},
           ["%y = tile %x {repeats = [2, 2]}", "%z = stack %x, %x", "%c = constant 4.0 : f32[]", "%w = where %p, %x, %c", "%e = expand_dims %x {dims = [0]}"])


def wrap(i, n):
    return np.clip(np.where(i < 0, i + n, i), 0, n - 1)


def lookup():
    f = File("Composites that read and write at indices: take, embedding, gather_nd, scatter_nd, one_hot.")
    table = numbers("f32", 7, 5, 2)
    for t in INTS:
        i = np.array([[0, 6, 3], [9, 100, 1]] if t[0] == "u" else [[0, -1, 3], [-7, 6, -9]])
        w = wrap(i, 7)
        f.case("take_" + t, {"x": table, "i": T(i, t)}, {"y": T(table.x[w], "f32"), "z": T(np.take(table.x, wrap(i, 5), 1), "f32"), "w": T(np.take(table.x, wrap(i, 2), 2), "f32")},
               ["%y = take %x, %i", "%z = take %x, %i {axis = 1}", "%w = take %x, %i {axis = -1}"], {"i": ["N", 3]},
               {"y": ["N", 3, 5, 2], "z": [7, "N", 3, 2], "w": [7, 5, "N", 3]})
        rows = T(table.x[:, :, 0], "f32")
        f.case("embedding_" + t, {"x": rows, "i": T(i, t)}, {"y": T(rows.x[w], "f32")}, "%y = embedding %i, %x", {"x": ["V", 5]})
        hot = (i[..., None] == np.arange(5)).astype(np.float32)
        f.case("one_hot_" + t, {"i": T(i, t)}, {"y": T(hot, "f32"), "z": T(np.moveaxis(hot, -1, 0).astype(np.int8), "i8")},
               ["%y = one_hot %i {num_classes = 5}", "%z = one_hot %i {num_classes = 5, axis = 0, dtype = i8}"], {"i": ["N", 3]},
               {"y": ["N", 3, 5], "z": [5, "N", 3]})
        wide = np.array([0, 1, 127]) if t == "i8" else np.array([0, 1, 255])
        f.case("one_hot_wide_" + t, {"i": T(wide, t)}, {"y": T(wide[:, None] == np.arange(300), "bool")}, "%y = one_hot %i {num_classes = 300, dtype = bool}")
        v = i[:, :2]
        at = wrap(v, np.array([7, 5]))
        f.case("gather_nd_" + t, {"x": table, "i": T(v, t)}, {"y": T(table.x[at[:, 0], at[:, 1]], "f32")}, "%y = gather_nd %x, %i", {"i": ["N", 2]}, {"y": ["N", 2]})
    f.case("one_hot_huge", {"i": T(np.array([2 ** 64 - 1, 2 ** 63, 2 ** 32, 1], np.uint64)), "j": T(np.array([2 ** 32, -2 ** 63, 1], np.int64))},
           {"y": T(np.array([[0, 0], [0, 0], [0, 0], [0, 1]]), "f32"), "z": T(np.array([[0, 0], [0, 0], [0, 1]]), "f32")},
           ["%y = one_hot %i {num_classes = 2}", "%z = one_hot %j {num_classes = 2}"])
    f.case("one_hot_symbol", {"i": T(np.array(2), "i32"), "x": T(np.zeros(4), "f32")}, {"y": T(np.eye(4)[2], "f16")},
           "%y = one_hot %i {num_classes = N, dtype = f16}", {"x": ["N"]}, {"y": ["N"]})
    for t in DTYPES:
        x = numbers(t, 4, 3)
        f.case("take_of_" + t, {"x": x, "i": T(np.array([3, -4]), "i64")}, {"y": T(x.x[[3, 0]], t)}, "%y = take %x, %i")
    x = numbers("f32", 4, 3)
    f.case("take_scalar", {"x": x, "i": T(np.array(-1), "i32")}, {"y": T(x.x[3], "f32"), "z": T(x.x[:, 2], "f32")}, ["%y = take %x, %i", "%z = take %x, %i {axis = 1}"],
           {"x": ["N", 3]}, {"z": ["N"]})
    f.case("take_none", {"x": x, "i": T(np.zeros((0, 2)), "i32")}, {"y": T(np.zeros((0, 2, 3)), "f32")}, "%y = take %x, %i", {"i": ["N", 2]}, {"y": ["N", 2, 3]})
    i = np.array([[[0], [2], [-1]], [[-3], [5], [1]]])
    b = numbers("f32", 2, 3, 4)
    f.case("gather_nd_batch", {"x": b, "i": T(i, "i32")}, {"y": T(np.stack([b.x[k][wrap(i[k, :, 0], 3)] for k in range(2)]), "f32")},
           "%y = gather_nd %x, %i {batch_dims = 1}", {"x": ["B", 3, 4], "i": ["B", 3, 1]}, {"y": ["B", 3, 4]})
    f.case("gather_nd_whole", {"x": b, "i": T(np.zeros((2, 0)), "i32")}, {"y": T(np.stack([b.x, b.x]), "f32")}, "%y = gather_nd %x, %i")
    f.case("gather_nd_element", {"x": b, "i": T(np.array([1, -1, 2]), "i8")}, {"y": T(b.x[1, 2, 2], "f32")}, "%y = gather_nd %x, %i", {"x": ["N", 3, "M"]})
    writes(f)
    return f


def scattered(x, i, u, fold):
    y, k = x.copy(), i.shape[-1]
    for at in np.ndindex(*i.shape[:-1]):
        p = [int(v) + (n if v < 0 else 0) for v, n in zip(i[at], x.shape)]
        if all(0 <= v < n for v, n in zip(p, x.shape)):
            y[tuple(p)] = fold(y[tuple(p)], u[at])
    return y


def writes(f):
    folds = {"none": lambda a, b: b, "add": lambda a, b: a + b, "mul": lambda a, b: a * b, "max": np.maximum, "min": np.minimum}
    i = np.array([[1], [-1], [1], [4], [9], [-6], [0]])
    for t in DTYPES:
        x = numbers(t, 5, 3)
        u = T(numbers(t, 7, 3).x[::-1] if t == "bool" else numbers(t, 7, 3).x[::-1] % 3, t)
        for name, fold in folds.items():
            if t == "bool" and name in ("add", "mul"):
                continue
            f.case("scatter_nd_%s_%s" % (name, t), {"x": x, "i": T(i, "i32"), "u": u}, {"y": T(scattered(x.x, i, u.x, fold), t)},
                   '%%y = scatter_nd %%x, %%i, %%u {reduction = "%s"}' % name, {"i": ["N", 1], "u": ["N", 3]})
    x, i = numbers("f32", 5, 3), np.array([[[1, 2], [-1, -3]], [[0, 3], [4, 0]]])
    u = numbers("f32", 2, 2)
    f.case("scatter_nd_elements", {"x": x, "i": T(i, "i64"), "u": u}, {"y": T(scattered(x.x, i, u.x, folds["none"]), "f32")}, "%y = scatter_nd %x, %i, %u",
           {"x": ["N", 3]}, {"y": ["N", 3]})
    f.case("scatter_nd_unsigned", {"x": x, "i": T(np.array([[255], [2]]), "u8"), "u": T(x.x[:2] * 0, "f32")},
           {"y": T(scattered(x.x, np.array([[255], [2]]), x.x[:2] * 0, folds["none"]), "f32")}, "%y = scatter_nd %x, %i, %u")


FILES = {"shapes": shapes, "lookup": lookup}
