"""Cases of dot_general and conv_general: chains, chunks, lanes, layouts, groups, dilations."""
import numpy as np

import orders
from elementwise import round_to
from emit import FLOATS, INTS, File, Hash, T


def wide(x):
    return x.x.astype(np.float32) if x.dtype in ("f16", "bf16") else x.x


def narrow(y, t):
    return round_to(y, t) if t in FLOATS else T(y, t)


def dot():
    f = File("dot_general: orders of accumulation.")

    def one(name, a, b, ab, bb, ac, bc, atypes=None, btypes=None, results=None, lanes=None):
        bf = [i for i in range(b.x.ndim) if i not in bb and i not in bc]
        if lanes is None:
            lanes = all((btypes or b.x.shape)[i] == 1 for i in bf)
        y = orders.dot_general(wide(a), wide(b), ab, bb, ac, bc, lanes)
        types = {k: v for k, v in (("a", atypes), ("b", btypes)) if v}
        f.case(name, {"a": a, "b": b}, {"y": narrow(y, a.dtype)},
               "%%y = dot_general %%a, %%b {lhs_batch = %s, rhs_batch = %s, lhs_contract = %s, rhs_contract = %s}"
               % (list(ab), list(bb), list(ac), list(bc)), types, {"y": results} if results else None)

    for k in (0, 1, 2, 17, 64, 4095, 4096, 4097, 8200):
        one("chain_%d" % k, Hash("f32", (2, k), 1), Hash("f32", (k, 3), 2), [], [], [1], [0], ["N", k], None, ["N", 3])
    for k in (0, 1, 2, 15, 16, 17, 100, 256, 257, 300, 769, 5000):
        one("lanes_%d" % k, Hash("f32", (2, k), 3), Hash("f32", (k,), 4), [], [], [1], [0], ["N", k], None, ["N"])
    one("lanes_column", Hash("f32", (3, 300), 5), Hash("f32", (300, 1), 6), [], [], [1], [0], ["N", 300], None, ["N", 1])
    one("symbol_is_more_than_1", Hash("f32", (3, 300), 5), Hash("f32", (300, 1), 6), [], [], [1], [0], ["N", 300], [300, "M"],
        ["N", "M"])
    one("lhs_free_is_no_matter", Hash("f32", (300,), 5), Hash("f32", (300, 2), 6), [], [], [0], [0])
    one("scalars", T(np.float32(3)), T(np.float32(-2)), [], [], [], [])
    one("outer", Hash("f32", (3,), 7), Hash("f32", (4,), 8), [], [], [], [])
    one("wide", Hash("f32", (3, 40), 7), Hash("f32", (40, 71), 8), [], [], [1], [0], ["N", 40], None, ["N", 71])
    one("batch", Hash("f32", (2, 3, 33), 9), Hash("f32", (2, 33, 4), 10), [0], [0], [2], [1], ["B", "N", 33], ["B", 33, 4],
        ["B", "N", 4])
    one("batch_lanes", Hash("f32", (2, 3, 33), 9), Hash("f32", (2, 33), 10), [0], [0], [2], [1])
    one("two_axes", Hash("f32", (5, 2, 7), 11), Hash("f32", (7, 3, 5), 12), [], [], [2, 0], [0, 2])
    one("two_axes_other_order", Hash("f32", (5, 2, 7), 11), Hash("f32", (7, 3, 5), 12), [], [], [0, 2], [2, 0])
    one("many_axes", Hash("f32", (2, 3, 4, 5), 13), Hash("f32", (5, 6, 3, 2), 14), [1, 0], [2, 3], [3], [0])
    one("nothing", T(np.zeros((0, 3), np.float32)), Hash("f32", (3, 2), 1), [], [], [1], [0], ["N", 3], None, ["N", 2])
    inf = np.float32(np.inf)
    one("special", T(np.array([[inf, 0, 1], [1, np.nan, 2], [-0.0, -0.0, -0.0]], np.float32)),
        T(np.array([[0, 1], [1, 1], [-inf, 3]], np.float32)), [], [], [1], [0])
    one("minus_zero_lanes", T(np.full((1, 3), -1e-30, np.float32)), T(np.full((3,), 1e-30, np.float32)), [], [], [1], [0])
    one("minus_zero_chain", T(np.full((1, 3), -1e-30, np.float32)), T(np.full((3, 2), 1e-30, np.float32)), [], [], [1], [0])
    for t in FLOATS + INTS:
        one("chain_%s" % t, Hash(t, (3, 70), 15), Hash(t, (70, 5), 16), [], [], [1], [0])
        one("lanes_%s" % t, Hash(t, (3, 70), 17), Hash(t, (70,), 18), [], [], [1], [0])
    for order, a, b in (("chain", Hash("f32", (2, 90), 19), Hash("f32", (90,), 20)),
                        ("lanes", Hash("f32", (2, 90), 19), Hash("f32", (90, 1), 20))):
        f.case("written_" + order, {"a": a, "b": b}, {"y": T(orders.dot_general(a.x, b.x, [], [], [1], [0], order == "lanes"))},
               "%%y = dot_general %%a, %%b {lhs_contract = [1], rhs_contract = [0], order = %s}" % order)
    return f


def conv():
    f = File("conv_general: chains over kernel positions and input features.")

    def one(name, x, w, strides, pads, ldil, rdil, fg=1, bg=1, layout=None, types=None, results=None):
        n = x.x.ndim - 2
        y = orders.conv(wide(x), wide(w), strides, pads, ldil, rdil, fg, bg)
        ls, rs, os_ = layout or (list(range(n + 2)),) * 3
        xs, ws, ys = (np.argsort(s) for s in (ls, rs, os_))
        f.case(name, {"x": T(wide(x).transpose(xs), x.dtype), "w": T(wide(w).transpose(ws), x.dtype)},
               {"y": narrow(y.transpose(ys), x.dtype)},
               "%%y = conv_general %%x, %%w {lhs_spec = %s, rhs_spec = %s, out_spec = %s, strides = %s, padding = %s, "
               "lhs_dilation = %s, rhs_dilation = %s, feature_groups = %d, batch_groups = %d}"
               % (list(ls), list(rs), list(os_), list(strides), [list(p) for p in pads], list(ldil), list(rdil), fg, bg),
               types, results)

    nhwc = ([0, 3, 1, 2], [3, 2, 0, 1], [0, 3, 1, 2])
    one("plain", Hash("f32", (2, 3, 5, 6), 1), Hash("f32", (4, 3, 3, 2), 2), [1, 1], [(0, 0)] * 2, [1, 1], [1, 1])
    one("nhwc", Hash("f32", (2, 3, 4, 5), 1), Hash("f32", (35, 3, 3, 3), 2), [1, 1], [(1, 1)] * 2, [1, 1], [1, 1], layout=nhwc,
        types={"x": ["N", 4, 5, 3]}, results={"y": ["N", 4, 5, 35]})
    one("other_layout", Hash("f32", (2, 3, 5, 6), 1), Hash("f32", (4, 3, 3, 3), 2), [2, 1], [(1, 2), (0, 1)], [1, 1], [1, 1],
        layout=([2, 1, 3, 0], [1, 3, 0, 2], [3, 0, 2, 1]))
    one("dilated", Hash("f32", (1, 2, 7, 7), 3), Hash("f32", (3, 2, 3, 3), 4), [2, 1], [(2, 1), (3, 0)], [1, 1], [2, 3])
    one("holes", Hash("f32", (2, 2, 4, 3), 5), Hash("f32", (3, 2, 3, 4), 6), [1, 2], [(2, 2), (3, 1)], [2, 3], [1, 1])
    one("holes_and_dilation", Hash("f32", (1, 2, 4, 3), 5), Hash("f32", (3, 2, 3, 2), 6), [1, 1], [(2, 2), (3, 1)], [2, 3], [2, 2])
    one("cropped", Hash("f32", (1, 2, 6, 7), 7), Hash("f32", (3, 2, 2, 3), 8), [1, 1], [(-1, 0), (-2, -1)], [1, 1], [1, 1])
    one("grouped", Hash("f32", (2, 6, 4, 4), 9), Hash("f32", (9, 2, 3, 3), 10), [1, 1], [(1, 1)] * 2, [1, 1], [1, 1], fg=3)
    one("depthwise", Hash("f32", (2, 5, 4, 4), 11), Hash("f32", (5, 1, 3, 3), 12), [1, 1], [(1, 1)] * 2, [1, 1], [1, 1], fg=5,
        layout=nhwc, types={"x": ["N", 4, 4, 5]}, results={"y": ["N", 4, 4, 5]})
    one("batch_groups", Hash("f32", (4, 3, 4, 4), 13), Hash("f32", (6, 3, 2, 2), 14), [1, 1], [(0, 0)] * 2, [1, 1], [1, 1], bg=2)
    one("one_axis", Hash("f32", (2, 3, 9), 15), Hash("f32", (4, 3, 4), 16), [3], [(2, 3)], [1], [1])
    one("three_axes", Hash("f32", (1, 2, 3, 4, 3), 17), Hash("f32", (3, 2, 2, 2, 2), 18), [1, 2, 1], [(0, 1), (1, 0), (0, 0)],
        [1, 1, 1], [1, 1, 1])
    one("no_spatial_axis", Hash("f32", (3, 5), 19), Hash("f32", (2, 5), 20), [], [], [], [])
    one("chunks", Hash("f32", (1, 470, 4, 4), 21), Hash("f32", (2, 470, 3, 3), 22), [1, 1], [(1, 1)] * 2, [1, 1], [1, 1])
    one("too_large", Hash("f32", (1, 1, 2, 2), 23), Hash("f32", (1, 1, 3, 3), 24), [1, 1], [(0, 0)] * 2, [1, 1], [1, 1])
    # Padding is a term with +0: it meets infinite weights.
    inf = np.float32(np.inf)
    w = np.ones((1, 1, 3), np.float32)
    w[0, 0, 0] = inf
    one("padding_times_infinity", T(np.ones((1, 1, 4), np.float32)), T(w), [1], [(1, 1)], [1], [1])
    one("hole_at_infinity", T(np.ones((1, 1, 4), np.float32)), T(w), [1], [(0, 0)], [2], [1])
    # Outside along one axis and between elements along the other, or outside at a distance that is no multiple: a hole.
    one("hole_and_padding", T(np.ones((1, 1, 2, 2), np.float32)), T(np.full((1, 1, 2, 2), inf, np.float32)), [1, 1], [(1, 1), (1, 1)],
        [2, 3], [1, 1])
    for t in FLOATS + INTS:
        one("plain_%s" % t, Hash(t, (2, 3, 4, 4), 25), Hash(t, (4, 3, 2, 2), 26), [1, 1], [(1, 0)] * 2, [1, 1], [1, 1])
    return f


FILES = {"dot_general": dot, "conv_general": conv}
