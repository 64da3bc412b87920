"""Cases of collectives: R replicas of P partitions, values stacked along an axis in front that counts processes (replica * P +
partition).  The groups are made here as StableHLO's specification makes them, and every process is computed on its own."""
import numpy as np

from elementwise import round_to
from emit import File, Hash, T

SUM = "(%a: {t}[], %b: {t}[]) {{ %c = {op} %a, %b  yield %c }}"
FOLDS = {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum, "and": np.bitwise_and, "or": np.bitwise_or,
         "xor": np.bitwise_xor}


class World:
    def __init__(self, replicas, partitions):
        self.R, self.P, self.n = replicas, partitions, replicas * partitions

    def groups(self, mode, lists):
        """Lists of process numbers."""
        R, P = self.R, self.P
        if mode == "flat":
            return [list(g) for g in lists]
        if mode == "replicas":
            return [[r * P + p for r in g] for g in lists or [range(R)] for p in range(P)]
        if mode == "partitions":
            return [[r * P + p for p in g] for g in lists or [range(P)] for r in range(R)]
        return [[r * P + p for p in range(P) for r in g] for g in lists or [range(R)]]

    def group_of(self, mode, lists, process):
        return next((g for g in self.groups(mode, lists) if process in g), None)


def lists(text):
    return "replica_groups = %s" % (text,)


def attrs(mode, groups, *more):
    """Of ops that know use_global_device_ids."""
    words = [m for m in more if m] + ([lists(groups)] if groups else [])
    words += {"replicas": [], "both": ["channel_id = 1"], "flat": ["channel_id = 3", "use_global_device_ids = true"]}[mode]
    return " {%s}" % ", ".join(words) if words else ""


def short(mode, groups, *more):
    words = [m for m in more if m] + ([lists(groups)] if groups else []) + (["channel_id = 2"] if mode == "partitions" else [])
    return " {%s}" % ", ".join(words)


def fold(t, op, parts):
    """Ascending; f16 and bf16 in f32, rounded once."""
    acc = parts[0].astype(np.float32) if t in ("f16", "bf16") else parts[0]
    with np.errstate(all="ignore"):
        for x in parts[1:]:
            acc = FOLDS[op](acc, x.astype(acc.dtype)).astype(acc.dtype)
    return round_to(acc, t).x if t in ("f16", "bf16") else acc


def zero_is_signed(x):
    """numpy's maximum and minimum do not order zeros."""
    return np.where(x == 0, x.dtype.type(1), x) if x.dtype.kind == "f" else x


class Cases(File):
    def __init__(self, world):
        super().__init__("collectives among %d replicas of %d partitions." % (world.R, world.P))
        self.w = world

    def run(self, name, t, ins, op, compute, types=None, results=None):
        """ins: stacked arrays; compute(process, [arrays]): the results of one process."""
        outs = [compute(p) for p in range(self.w.n)]
        named = {"y%d" % k: T(np.stack([o[k] for o in outs]), t if not isinstance(t, tuple) else t[k]) for k in range(len(outs[0]))}
        body = "%s = %s" % (", ".join("%y" + str(k) for k in range(len(outs[0]))), op)
        cut = {k: v.x.shape[1:] for k, v in ins.items()}
        cut.update(types or {})
        if self.w.n == 1:      # one process: nothing is stacked
            ins, named = ({k: T(v.x[0], v.dtype) for k, v in d.items()} for d in (ins, named))
            self.case(name, ins, named, body, cut, {k: (results or {}).get(k, v.x.shape) for k, v in named.items()})
            return
        self.case(name, ins, named, body, cut, {k: (results or {}).get(k, v.x.shape[1:]) for k, v in named.items()})


def all_reduce(f, mode, groups, tag):
    w = f.w

    def one(t, op, shape, data=None):
        x = data if data is not None else Hash(t, (w.n,) + shape, 7)
        if op in ("max", "min"):
            x = T(zero_is_signed(x.x), t)
        f.run("all_reduce_%s_%s_%s" % (tag, op, t) + ("" if data is None else "_odd"), t, {"x": x},
              "all_reduce %x" + attrs(mode, groups) + " " + SUM.format(t=t, op=op),
              lambda p: [fold(t, op, [x.x[m] for m in w.group_of(mode, groups, p)])])
    for t in ("f32", "f16", "bf16", "f64", "i32", "u8"):
        for op in ("add", "max"):
            one(t, op, (2, 3))
    one("i16", "mul", (4,))
    one("u64", "xor", (1,))
    one("bool", "and", (5,), T(np.arange(w.n * 5).reshape(w.n, 5) % 3 != 0))
    odd = np.array([np.nan, np.inf, -np.inf, 1, 3e38, -0.0, 1e-45, 0], np.float32)
    one("f32", "add", (8,), T(np.stack([np.roll(odd, p) for p in range(w.n)])))
    one("f32", "mul", (0, 3), T(np.zeros((w.n, 0, 3), np.float32)))
    x, y = Hash("f32", (w.n, 3), 8), Hash("f32", (w.n, 2, 2), 9)
    f.run("all_reduce_%s_two" % tag, "f32", {"x": x, "z": y}, "all_reduce %x, %z" + attrs(mode, groups) + " " + SUM.format(t="f32", op="add"),
          lambda p: [fold("f32", "add", [v.x[m] for m in w.group_of(mode, groups, p)]) for v in (x, y)], {"x": ["N"]}, {"y0": ["N"]})

    def decay(p):
        acc = None
        for m in w.group_of(mode, groups, p):
            acc = x.x[m] if acc is None else acc * np.float32(0.5) + x.x[m]
        return [acc]
    f.run("all_reduce_%s_body" % tag, "f32", {"x": x}, "all_reduce %x" + attrs(mode, groups) +
          " (%a: f32[], %b: f32[]) { %h = mul %a, 0.5  %c = add %h, %b  yield %c }", decay)


def gather_scatter(f, mode, groups, tag):
    w = f.w
    n = len(w.groups(mode, groups)[0])
    size = "group_size = %d" % n if mode == "both" or not groups else ""
    for t, shape, axis in (("f32", (2, 3), 1), ("i8", (4,), 0), ("bool", (2, 0, 2), 2)):
        x = Hash(t, (w.n,) + shape, 11) if t != "bool" else T(np.zeros((w.n,) + shape, bool))
        f.run("all_gather_%s_%s" % (tag, t), t, {"x": x}, "all_gather %x" + attrs(mode, groups, "dim = %d" % axis, size),
              lambda p: [np.concatenate([x.x[m] for m in w.group_of(mode, groups, p)], axis)])
    x, y = Hash("f16", (w.n, 2, 1), 12), Hash("u16", (w.n, 1, 3), 13)
    f.run("all_gather_%s_two" % tag, ("f16", "u16"), {"x": x, "z": y}, "all_gather %x, %z" + attrs(mode, groups, "dim = 0", size),
          lambda p: [np.concatenate([v.x[m] for m in w.group_of(mode, groups, p)], 0) for v in (x, y)], {"x": ["N", 1]},
          {"y0": ["N*%d" % n, 1]})
    for t, shape, axis, op in (("f32", (n, 3), 0, "add"), ("bf16", (2, 2 * n), 1, "add"), ("i32", (0, n), 1, "mul")):
        x = Hash(t, (w.n,) + shape, 14)

        def part(p):
            g = w.group_of(mode, groups, p)
            return [np.split(fold(t, op, [x.x[m] for m in g]), n, axis)[g.index(p)]]
        f.run("reduce_scatter_%s_%s" % (tag, t), t, {"x": x},
              "reduce_scatter %x" + attrs(mode, groups, "dim = %d" % axis, size) + " " + SUM.format(t=t, op=op), part)


def all_to_all(f, mode, groups, tag):
    w = f.w
    n = len(w.groups(mode, groups)[0])
    for t, shape, split, join in (("f32", (2 * n, 3), 0, 1), ("i64", (3, n), 1, 1), ("u8", (2, 3, n), 2, 0), ("f16", (0, n), 1, 0)):
        x = Hash(t, (w.n,) + shape, 15)

        def swap(p):
            g = w.group_of(mode, groups, p)
            return [np.concatenate([np.split(x.x[m], n, split)[g.index(p)] for m in g], join)]
        more = ["split_dim = %d" % split, "concat_dim = %d" % join, "split_count = %d" % n]
        f.run("all_to_all_%s_%s" % (tag, t), t, {"x": x}, "all_to_all %x" + short(mode, groups, *more), swap)


def broadcast(f, mode, groups, tag):
    w = f.w
    x = Hash("f32", (w.n, 2, 2), 16)

    def first(p):
        g = w.group_of(mode, groups, p)
        return [x.x[g[0]] if g else np.zeros((2, 2), np.float32)]
    f.run("collective_broadcast_" + tag, "f32", {"x": x}, "collective_broadcast %x" + short(mode, groups), first)


def permute(f, mode, pairs, tag):
    w = f.w
    x = Hash("i32", (w.n, 3), 17)

    def moved(p):
        r, q = divmod(p, w.P)
        me = q if mode == "partitions" else r
        source = next((s for s, t in pairs if t == me), None)
        if source is None:
            return [np.zeros(3, np.int32)]
        return [x.x[r * w.P + source if mode == "partitions" else source * w.P + q]]
    more = ", channel_id = 5" if mode == "partitions" else ""
    f.run("collective_permute_" + tag, "i32", {"x": x}, "collective_permute %%x {source_target_pairs = %s%s}" % ([list(p) for p in pairs], more),
          moved)


def ids(f):
    w = f.w
    both = [T(np.array([p // w.P for p in range(w.n)], np.uint32)), T(np.array([p % w.P for p in range(w.n)], np.uint32))]
    f.case("ids", {}, {"r": both[0], "p": both[1]}, ["%r = replica_id", "%p = partition_id"], {}, {"r": [], "p": []})


def loop(f):
    """A ring: three times everybody hands on what it has, adds its own, and sums over all."""
    w = f.w
    x = Hash("i32", (w.n, 4), 18)
    pairs = [[i, (i + 1) % w.R] for i in range(w.R)]
    groups = [list(range(w.n))]
    y = x.x.copy()
    for _ in range(3):
        y = y[[((p // w.P - 1) % w.R) * w.P + p % w.P for p in range(w.n)]] + x.x
        y = y ^ np.sum(y, axis=0, dtype=np.int32)
    f.case("ring", {"x": x}, {"y": T(y)}, """
%n = constant 3 : i32[]
%left, %y = while (%n, %x) cond (%i: i32[], %v: i32[4]) { %m = compare %i, 0 {dir = gt}  yield %m } do (%i: i32[], %v: i32[4]) {
  %k = sub %i, 1
  %moved = collective_permute %v {source_target_pairs = PAIRS}
  %own = add %moved, %x
  %all = all_reduce %own {replica_groups = GROUPS, channel_id = 1, use_global_device_ids = true} (%a: i32[], %b: i32[]) { %c = add %a, %b  yield %c }
  %next = xor %own, %all
  yield %k, %next
}""".replace("PAIRS", str(pairs)).replace("GROUPS", str(groups)), {"x": [4]}, {"y": [4]})


def r4():
    f = Cases(World(4, 1))
    all_reduce(f, "replicas", [], "all")
    all_reduce(f, "replicas", [[0, 3], [2, 1]], "pairs")
    all_reduce(f, "replicas", [[1], [3, 2, 0]], "uneven")
    gather_scatter(f, "replicas", [[3, 1, 0, 2]], "turned")
    gather_scatter(f, "replicas", [], "all")
    all_to_all(f, "replicas", [[1, 0], [2, 3]], "pairs")
    broadcast(f, "replicas", [[2, 1], [3]], "some")
    permute(f, "replicas", [(0, 1), (1, 2), (2, 3), (3, 0)], "ring")
    permute(f, "replicas", [(3, 1)], "one")
    permute(f, "replicas", [(2, 2), (0, 1), (1, 0)], "swap")
    permute(f, "replicas", [], "none")
    ids(f)
    loop(f)
    return f


def p3():
    f = Cases(World(1, 3))
    all_reduce(f, "both", [[0]], "both")
    all_reduce(f, "flat", [[2, 0], [1]], "flat")
    gather_scatter(f, "flat", [[2, 0, 1]], "flat")
    all_to_all(f, "partitions", [[1, 2, 0]], "turned")
    all_to_all(f, "partitions", [], "all")
    broadcast(f, "partitions", [[2, 1]], "some")
    permute(f, "partitions", [(0, 1), (1, 2), (2, 0)], "ring")
    ids(f)
    return f


def r2p3():
    f = Cases(World(2, 3))
    all_reduce(f, "replicas", [[1, 0]], "replicas")
    all_reduce(f, "both", [[1, 0]], "both")
    all_reduce(f, "both", [[0], [1]], "each")
    all_reduce(f, "both", [], "all")
    all_reduce(f, "flat", [[5, 1, 3], [0, 2, 4]], "flat")
    gather_scatter(f, "replicas", [[1, 0]], "replicas")
    gather_scatter(f, "both", [[1, 0]], "both")
    gather_scatter(f, "flat", [[5, 1, 3], [0, 2, 4]], "flat")
    all_to_all(f, "replicas", [[1, 0]], "replicas")
    all_to_all(f, "partitions", [[2, 0, 1]], "partitions")
    broadcast(f, "replicas", [[1, 0]], "replicas")
    broadcast(f, "partitions", [[1, 2]], "partitions")
    permute(f, "replicas", [(0, 1)], "replicas")
    permute(f, "partitions", [(2, 0), (0, 1)], "partitions")
    ids(f)
    loop(f)
    return f


def r1():
    f = Cases(World(1, 1))
    f.w.n = 1
    all_reduce(f, "replicas", [[0]], "one")
    gather_scatter(f, "flat", [[0]], "one")
    all_to_all(f, "partitions", [[0]], "one")
    broadcast(f, "replicas", [[0]], "one")
    permute(f, "replicas", [(0, 0)], "one")
    return f


FILES = {"r4": r4, "p3": p3, "r2p3": r2p3}
ALONE = {"process_alone": r1}
