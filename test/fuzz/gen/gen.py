#!/usr/bin/python3
"""Random valid graphs of every op: gen.py [--small] SEED COUNT prints a module.

Small ones have extents of a few elements and 3 to 40 ops: those that are made by the thousand.  What a graph is depends on
SEED and on its number alone."""
import random
import re
import sys

from gen_base import FLOATS, NUMBERS, SIGNED, UNSIGNED, INTS, MOST, SIZES, ELEMENTS, WORK, size, has_size, Value, type_of, ints, is_number
from gen_complex import Complex
from gen_composites import Composites
from gen_control import Control
from gen_layers import Layers
from gen_scalars import Scalars
from gen_shapes import Shapes
from gen_sizes import Sizes


class Graph(Complex, Composites, Control, Layers, Scalars, Shapes, Sizes):
    def __init__(self, rng, name, callees, small=False):
        self.rng, self.name, self.callees, self.small = rng, name, callees, small
        self.most, self.work = (1500, 20000) if small else (ELEMENTS, WORK)     # elements of a tensor, steps of an op
        self.lines, self.inputs, self.values, self.weights = [], [], [], []
        self.count = 0
        self.depth = 0
        self.inner = []           # what was made inside of loops
        self.sizes = {}           # the symbols that ops define, and the values that tell them
        self.flavour = rng.choice([None, None] + list(self.FLAVOURS))
        r = rng
        pool = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 48, 64, 65, 100]
        long = [128, 200, 255, 256, 257, 300, 511, 513, 1000, 2048, 4095, 4096, 4097, 5000, 9000]
        if small:
            pool = [1, 2, 3, 4, 5, 7, 8, 9] * 2 + [11, 15, 16, 17, 24, 33]
        self.pool = [r.choice(pool) for _ in range(3)]
        if r.random() < 0.25 and not small:
            self.pool.append(r.choice(long))
        if r.random() < 0.06:
            self.pool.append(0)
        for s in "NNSMB" if small else "NNSKMB":
            if r.random() < 0.25 and s not in self.pool:
                self.pool.append(s)
        self.main = "f32" if r.random() < 0.55 else r.choice(FLOATS + INTS + ["bool"])

    # -- writing

    def emit(self, op, dtype, dims, hint="v"):
        self.count += 1
        v = Value(f"%{hint}{self.count}", dtype, dims)
        self.lines.append(f"  {v} = {op}")
        self.values.append(v)
        return v

    def several(self, op, types):
        """An op with a result of each of these types and dims."""
        self.count += 1
        made = [Value(f"%v{self.count}_{i}", t, dims) for i, (t, dims) in enumerate(types)]
        self.lines.append(f"  {', '.join(map(str, made))} = {op}")
        self.values += made

    def new_input(self, dtype=None, dims=None):
        dtype = dtype or self.some_type()
        dims = self.some_dims() if dims is None else dims
        if has_size(dims):
            return self.made_of_size(dtype, dims)
        if self.small and self.rng.random() < 0.15 and all(map(is_number, dims)) and 0 < size(dims) <= 300:
            return self.new_weight(dtype, dims)
        self.count += 1
        v = Value(f"%x{self.count}", dtype, dims)
        self.inputs.append(v)
        self.values.append(v)
        return v

    # -- choosing

    def some_type(self):
        r = self.rng.random()
        return self.main if r < 0.7 else self.rng.choice(FLOATS + INTS + ["bool"])

    def some_dims(self, most=None):
        most = most or self.most // 4
        for _ in range(50):
            rank = self.rng.choice([0, 1, 1, 2, 2, 2, 3, 3, 4])
            dims = [self.rng.choice(self.pool) for _ in range(rank)]
            if size(dims) <= most:
                return dims
        return [3]

    def pick(self, accept=lambda v: True):
        """A recent value, mostly, that is acceptable; None if there is none."""
        good = [v for v in self.values if accept(v)]
        if not good:
            return None
        if self.rng.random() < 0.7:
            good = good[-4:]
        return self.rng.choice(good)

    def want(self, dtypes, rank=0):
        v = self.pick(lambda v: v.dtype in dtypes and v.rank >= rank)
        if v is None or self.rng.random() < 0.08:
            dims = self.some_dims()
            while len(dims) < rank:
                dims.append(self.rng.choice([2, 3, 5]))
            if size(dims) > self.most:
                dims = [3] * rank
            return self.new_input(self.rng.choice([self.main] if self.main in dtypes else dtypes), dims)
        return v

    def like(self, v, dtype=None):
        """Another value of v's shape."""
        dtype = dtype or v.dtype
        w = self.pick(lambda w: w.dims == v.dims and w.dtype == dtype)
        if w is not None and self.rng.random() < 0.7:
            return w
        if self.rng.random() < 0.3 and dtype != "bool":
            src = self.pick(lambda w: w.dims == v.dims) or self.new_input(dtype, v.dims)
            return self.emit(f"convert {src} {{dtype = {dtype}}}", dtype, v.dims)
        return self.new_input(dtype, v.dims)

    def broadcastable(self, v):
        """A value that numpy's rules broadcast to v: v's shape, a suffix, some axes of 1; or a number."""
        r = self.rng
        k = r.random()
        if k < 0.5:
            return self.like(v)
        if k < 0.65:
            return self.number(v.dtype)
        dims = [1 if r.random() < 0.4 else d for d in v.dims][r.randint(0, v.rank):]
        w = self.pick(lambda w: w.dims == dims and w.dtype == v.dtype)
        return w or self.new_input(v.dtype, dims)

    def number(self, dtype):
        r = self.rng
        if dtype == "bool":
            return r.choice(["true", "false"])
        if dtype in NUMBERS:
            return r.choice(NUMBERS[dtype])
        if dtype in FLOATS:
            return r.choice(["0.5", "1", "-1.5", "2", "0", "-0.0", "3", "0.1", "inf", "nan", "1e-4"])
        if dtype in UNSIGNED:
            return r.choice(["0", "1", "2", "3", "7", "100"])
        return r.choice(["0", "1", "-1", "2", "3", "-7", "100"])

    # -- ops; each returns nothing and may do nothing

    def op_unary(self):
        v = self.want(FLOATS + INTS + ["bool"])
        if v.dtype in FLOATS:
            op = self.rng.choice("abs neg sign floor ceil round_nearest_even sqrt rsqrt exp exp2 expm1 log log1p logistic tanh erf relu gelu".split())
        elif v.dtype in SIGNED:
            op = self.rng.choice(["abs", "neg", "sign", "not", "relu"])
        elif v.dtype in UNSIGNED:
            op = self.rng.choice(["neg", "not"])
        else:
            op = "not"
        extra = " {approximate = true}" if op == "gelu" and self.rng.random() < 0.5 else ""
        self.emit(f"{op} {v}{extra}", v.dtype, v.dims)

    def op_binary(self):
        v = self.want(FLOATS + INTS + ["bool"])
        if v.dtype in FLOATS:
            op = self.rng.choice("add add sub mul mul div max min rem pow".split())
        elif v.dtype in INTS:
            op = self.rng.choice("add sub mul div rem max min and or xor shl shr_a shr_l pow".split())
        else:
            op = self.rng.choice(["and", "or", "xor", "max", "min"])
        w = self.broadcastable(v)
        a, b = (v, w) if isinstance(w, str) or self.rng.random() < 0.6 else (w, v)
        self.emit(f"{op} {a}, {b}", v.dtype, v.dims)

    def op_compare(self):
        v = self.want(FLOATS + INTS + ["bool"])
        w = self.broadcastable(v)
        self.emit(f"compare {v}, {w} {{dir = {self.rng.choice('eq ne lt le gt ge'.split())}}}", "bool", v.dims)

    def op_select(self):
        v = self.want(FLOATS + INTS)
        p = self.pick(lambda w: w.dtype == "bool" and w.dims == v.dims)
        if p is None:
            w = self.like(v)
            p = self.emit(f"compare {v}, {w} {{dir = gt}}", "bool", v.dims)
        self.emit(f"select {p}, {v}, {self.broadcastable(v)}", v.dtype, v.dims)

    def op_clamp(self):
        v = self.want(FLOATS + INTS)
        self.emit(f"clamp {self.number(v.dtype)}, {v}, {self.number(v.dtype)}", v.dtype, v.dims)

    def op_convert(self):
        v = self.want(FLOATS + INTS + ["bool"])
        t = self.some_type() if self.rng.random() < 0.5 else self.rng.choice(FLOATS + INTS + ["bool"])
        self.emit(f"convert {v} {{dtype = {t}}}", t, v.dims)

    def op_iota(self):
        dims = self.some_dims() or [5]
        t = self.rng.choice(FLOATS + INTS)
        self.emit(f"iota {{dim = {self.rng.randrange(len(dims))}, dtype = {t}, shape = {ints(dims)}}}", t, dims)

    def op_constant(self):
        r = self.rng
        t = self.some_type()
        if r.random() < 0.5:
            dims = self.some_dims()
            if any(not is_number(d) for d in dims):
                return
            self.emit(f"constant splat {self.number(t)} : {type_of(t, dims)}", t, dims)
        else:
            n = r.choice([1, 3, 8])
            self.emit(f"constant [{', '.join(self.number(t) for _ in range(n))}] : {t}[{n}]", t, [n])

    def op_dimension(self):
        symbols = sorted({d for v in self.inputs for d in v.dims if not is_number(d)})
        if symbols:
            s = self.rng.choice(symbols)
            if s in MOST:
                self.emit(f"dimension {{value = {self.rng.choice([s, s + '*2+1', '(' + s + '+3)//4'])}}}", "i64", [])

    def op_broadcast(self):
        v = self.want(FLOATS + INTS + ["bool"])
        dims, at = [], []
        for d in v.dims:
            while self.rng.random() < 0.3:
                dims.append(self.rng.choice(self.pool))
            at.append(len(dims))
            dims.append(self.rng.choice(self.pool) if d == 1 and self.rng.random() < 0.7 else d)
        if self.rng.random() < 0.5:
            dims.append(self.rng.choice(self.pool))
        if size(dims) <= self.most and len(dims) <= 6:
            self.emit(f"broadcast_in_dim {v} {{shape = {ints(dims)}, dims = {ints(at)}}}", v.dtype, dims)

    def op_reshape(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        dims = list(v.dims)
        r = self.rng
        for _ in range(r.randint(1, 3)):
            k = r.random()
            if k < 0.4 and len(dims) >= 2:
                i = r.randrange(len(dims) - 1)
                a, b = dims[i], dims[i + 1]
                dims[i:i + 2] = [a * b if is_number(a) and is_number(b) else f"({a})*({b})"]
            elif k < 0.7:
                i = r.randrange(len(dims)) if dims else 0
                if dims and is_number(dims[i]):
                    for f in (2, 3, 4, 5, 8, 16):
                        if dims[i] % f == 0 and r.random() < 0.5:
                            dims[i:i + 1] = [f, dims[i] // f] if r.random() < 0.5 else [dims[i] // f, f]
                            break
            elif len(dims) < 6:
                dims.insert(r.randint(0, len(dims)), 1)
            elif 1 in dims:
                dims.remove(1)
        self.emit(f"reshape {v} {{shape = {ints(dims)}}}", v.dtype, dims)

    def op_transpose(self):
        v = self.want(FLOATS + INTS + ["bool"], 2)
        p = list(range(v.rank))
        self.rng.shuffle(p)
        self.emit(f"transpose {v} {{permutation = {ints(p)}}}", v.dtype, [v.dims[i] for i in p])

    def op_slice(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        start, limit, stride, dims = [], [], [], []
        for d in v.dims:
            if is_number(d) and self.rng.random() < 0.7:
                a = self.rng.randint(0, d)
                b = self.rng.randint(a, d)
                s = self.rng.choice([1, 1, 1, 2, 3])
                start.append(a), limit.append(b), stride.append(s), dims.append((b - a + s - 1) // s)
            else:
                start.append(0), limit.append(d), stride.append(1), dims.append(d)
        self.emit(f"slice {v} {{start = {ints(start)}, limit = {ints(limit)}, strides = {ints(stride)}}}", v.dtype, dims)

    def op_pad(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        low, high, interior, dims = [], [], [], []
        for d in v.dims:
            lo, hi, n = self.rng.choice([0, 0, 1, 2, 5]), self.rng.choice([0, 0, 1, 3]), self.rng.choice([0, 0, 0, 1, 2])
            if is_number(d):
                if d >= 4 and self.rng.random() < 0.25:
                    lo = -self.rng.randint(0, 2)
                if d >= 4 and self.rng.random() < 0.25:
                    hi = -self.rng.randint(0, 2)
                dims.append(d + lo + hi + max(d - 1, 0) * n)
            else:
                n = 0
                dims.append(f"{d}+{lo + hi}" if lo + hi else d)
            low.append(lo), high.append(hi), interior.append(n)
        if size(dims) <= self.most:
            self.emit(f"pad {v}, {self.number(v.dtype)} {{low = {ints(low)}, high = {ints(high)}, interior = {ints(interior)}}}",
                      v.dtype, dims)

    def op_concatenate(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        axis = self.rng.randrange(v.rank)
        parts = [v]
        for _ in range(self.rng.randint(1, 3)):
            w = self.pick(lambda w: w.dtype == v.dtype and w.rank == v.rank and
                          w.dims[:axis] + w.dims[axis + 1:] == v.dims[:axis] + v.dims[axis + 1:])
            parts.append(w if self.rng.random() < 0.6 else self.like(v))
        self.rng.shuffle(parts)
        along = [p.dims[axis] for p in parts]
        total = sum(along) if all(map(is_number, along)) else "+".join(f"({d})" for d in along)
        dims = v.dims[:axis] + [total] + v.dims[axis + 1:]
        if size(dims) <= self.most:
            self.emit(f"concatenate {', '.join(map(str, parts))} {{dim = {axis}}}", v.dtype, dims)

    def index_scalar(self):
        v = self.pick(lambda w: w.dtype in INTS and w.rank == 0)
        return v if v is not None and self.rng.random() < 0.5 else self.new_input(self.rng.choice(["i32", "i64", "u8", "i8", "u64"]), [])

    def op_dynamic_slice(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        at = [self.index_scalar() for _ in v.dims]
        t = at[0].dtype
        at = [a if a.dtype == t else self.new_input(t, []) for a in at]
        sizes = [self.rng.randint(min(1, d), d) if is_number(d) else d for d in v.dims]
        self.emit(f"dynamic_slice {v}, {', '.join(map(str, at))} {{sizes = {ints(sizes)}}}", v.dtype, sizes)

    def op_dynamic_update_slice(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        at = [self.index_scalar() for _ in v.dims]
        t = at[0].dtype
        at = [a if a.dtype == t else self.new_input(t, []) for a in at]
        sizes = [self.rng.randint(min(1, d), d) if is_number(d) else d for d in v.dims]
        w = self.pick(lambda w: w.dtype == v.dtype and w.dims == sizes) or self.new_input(v.dtype, sizes)
        self.emit(f"dynamic_update_slice {v}, {w}, {', '.join(map(str, at))}", v.dtype, v.dims)

    def indices(self, dims):
        v = self.pick(lambda w: w.dtype in INTS and w.dims == dims)
        return v if v is not None and self.rng.random() < 0.5 else self.new_input(self.rng.choice(["i32", "i64", "u8", "i16"]), dims)

    def window(self, v, sizes, gone):
        """What gather and scatter have in common: batch axes, the axes of starts, the tensor of indices, and where in
        the batch's axes and in the others the windows lie.  None if it would be too large."""
        r = self.rng
        paired = [i for i in range(v.rank) if v.rank > 1 and r.random() < 0.2][:2]
        free = [i for i in range(v.rank) if i not in paired and is_number(v.dims[i])]
        if not free:
            return None
        axes = r.sample(free, r.randint(1, len(free)))
        batch = [(r.choice([1, 2, 3, 5, 17, 33, "N"]), None) for _ in range(r.randint(0, 2))] + [(v.dims[i], i) for i in paired]
        r.shuffle(batch)
        dims = [d for d, _ in batch]
        vector = r.randint(0, len(dims)) if r.random() < 0.3 else len(dims)
        idx = dims[:vector] + [len(axes)] + dims[vector:]
        if len(axes) == 1 and r.random() < 0.3:
            vector, idx = len(dims), dims
        if size(idx) > self.most // 4:
            return None
        at = [next(k for k, (_, axis) in enumerate(batch) if axis == i) for i in paired]
        at = [k + (k >= vector) for k in at]
        for i in paired:
            sizes[i] = 1
        gone = [i for i in gone(sizes) if i not in paired]
        inside = [sizes[i] for i in range(v.rank) if i not in gone and i not in paired]
        rank = len(dims) + len(inside)
        where = sorted(r.sample(range(rank), len(inside)))
        rest, all_inside = list(dims), list(inside)
        out = [all_inside.pop(0) if i in where else rest.pop(0) for i in range(rank)]
        if size(out) > self.most or rank > 6:
            return None
        return paired, at, axes, vector, self.indices(idx), gone, where, out

    def op_gather(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        r = self.rng
        if 0 in v.dims:
            return
        sizes = [r.choice([1, d, max(1, d // 2)]) if is_number(d) else d for d in v.dims]
        w = self.window(v, sizes, lambda s: [i for i in range(v.rank) if s[i] == 1 and r.random() < 0.6])
        if w:
            paired, at, axes, vector, idx, gone, where, out = w
            self.emit(f"gather {v}, {idx} {{offset_dims = {ints(where)}, collapsed_slice_dims = {ints(gone)}, "
                      f"operand_batching_dims = {ints(paired)}, start_indices_batching_dims = {ints(at)}, "
                      f"start_index_map = {ints(axes)}, index_vector_dim = {vector}, slice_sizes = {ints(sizes)}}}", v.dtype, out)

    def body_of_two(self, t):
        """The body of a scatter or of a reduction, as text, of scalars %a and %b."""
        r = self.rng
        if t == "bool":
            return f"%c = {r.choice(['and', 'or', 'xor'])} %a, %b  yield %c"
        ops = ["add", "add", "mul", "max", "min"] + (["and", "or", "xor"] if t in INTS else [])
        return f"%c = {r.choice(ops)} %a, %b  yield %c"

    def op_scatter(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        r = self.rng
        if 0 in v.dims:
            return
        sizes = [r.choice([1, d, max(1, d // 2)]) if is_number(d) else d for d in v.dims]
        w = self.window(v, sizes, lambda s: [i for i in range(v.rank) if s[i] == 1 and r.random() < 0.7])
        if not w:
            return
        paired, at, axes, vector, idx, gone, where, dims = w
        upd = self.pick(lambda w: w.dtype == v.dtype and w.dims == dims) or self.new_input(v.dtype, dims)
        t = f"{v.dtype}[]"
        body = "yield %b" if r.random() < 0.3 else self.body_of_two(v.dtype)
        self.emit(f"scatter {v}, {idx}, {upd} {{update_window_dims = {ints(where)}, inserted_window_dims = {ints(gone)}, "
                  f"input_batching_dims = {ints(paired)}, scatter_indices_batching_dims = {ints(at)}, "
                  f"scatter_dims_to_operand_dims = {ints(axes)}, index_vector_dim = {vector}}} "
                  f"(%a: {t}, %b: {t}) {{ {body} }}", v.dtype, v.dims)

    def some_axes(self, v):
        r = self.rng
        if r.random() < 0.45:
            return [v.rank - 1]
        return sorted(r.sample(range(v.rank), r.randint(1, v.rank)))

    def op_reduce(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        axes = self.some_axes(v)
        dims = [d for i, d in enumerate(v.dims) if i not in axes]
        t = f"{v.dtype}[]"
        r = self.rng
        if v.dtype != "bool" and r.random() < 0.12:
            body = f"%d = mul %b, {self.number(v.dtype)}  %e = add %d, %a  yield %e"      # in order, strictly
        else:
            body = self.body_of_two(v.dtype)
        self.emit(f"reduce {v}, {self.number(v.dtype)} {{dims = {ints(axes)}}} (%a: {t}, %b: {t}) {{ {body} }}", v.dtype, dims)

    def op_reduce_two(self):
        v = self.want(FLOATS + INTS, 1)
        axes = self.some_axes(v)
        dims = [d for i, d in enumerate(v.dims) if i not in axes]
        w = self.like(v)
        t = f"{v.dtype}[]"
        self.count += 1
        names = [f"%p{self.count}", f"%q{self.count}"]
        body = (f"%d = add %a, %c  %g = compare %b, %e {{dir = gt}}  %h = select %g, %b, %e  yield %d, %h" if self.rng.random() < 0.5 else
                "%d = max %a, %c  %f = mul %b, %e  yield %d, %f")
        self.lines.append(f"  {names[0]}, {names[1]} = reduce {v}, {w}, {self.number(v.dtype)}, {self.number(v.dtype)} "
                          f"{{dims = {ints(axes)}}} (%a: {t}, %b: {t}, %c: {t}, %e: {t}) {{ {body} }}")
        self.values += [Value(n, v.dtype, dims) for n in names]

    def op_short_reduce(self):
        v = self.want(FLOATS + INTS, 1)
        axes = self.some_axes(v)
        keep = self.rng.random() < 0.6
        op = self.rng.choice("reduce_sum reduce_prod reduce_max reduce_min mean".split())
        dims = [1 if i in axes else d for i, d in enumerate(v.dims) if keep or i not in axes]
        if op == "mean" and v.dtype not in FLOATS:
            op = "reduce_sum"
        w = self.emit(f"{op} {v} {{dims = {ints(axes)}, keepdims = {'true' if keep else 'false'}}}", v.dtype, dims)
        if keep and self.rng.random() < 0.6:
            self.emit(f"{self.rng.choice(['sub', 'mul', 'div'])} {v}, {w}", v.dtype, v.dims)

    def op_argmax(self):
        v = self.want(FLOATS + INTS, 1)
        axis = self.rng.randrange(v.rank)
        if v.dims[axis] == 0 or not is_number(v.dims[axis]):
            return
        dims = v.dims[:axis] + v.dims[axis + 1:]
        t = self.rng.choice(["i64", "i32"])
        self.emit(f"argmax {v} {{axis = {axis}, dtype = {t}}}", t, dims)

    def op_softmax(self):
        v = self.want(FLOATS, 1)
        self.emit(f"softmax {v} {{axis = {self.rng.choice([-1, -1, 0, v.rank - 1])}}}", v.dtype, v.dims)

    def op_layer_norm(self):
        v = self.want(FLOATS, 1)
        k = self.rng.randint(1, min(v.rank, 2))
        tail = v.dims[v.rank - k:]
        if 0 in tail:
            return
        s, o = self.new_input(v.dtype, tail), self.new_input(v.dtype, tail)
        self.emit(f"layer_norm {v}, {s}, {o} {{axis = {-k}}}", v.dtype, v.dims)

    def op_reduce_window(self):
        v = self.want(FLOATS + INTS + ["bool"], 1)
        r = self.rng
        window, strides, base, dil, pads, dims = [], [], [], [], [], []
        for d in v.dims:
            if is_number(d) and d > 0 and r.random() < 0.7:
                w, s, b, k = r.choice([1, 2, 3, 5]), r.choice([1, 1, 2, 3]), r.choice([1, 1, 1, 2]), r.choice([1, 1, 1, 2])
                lo, hi = r.choice([0, 0, 1, 2]), r.choice([0, 0, 1, 2])
                out = ((d - 1) * b + 1 + lo + hi - ((w - 1) * k + 1)) // s + 1
                if out < 0:
                    w = s = b = k = 1
                    lo = hi = 0
                    out = d
            else:
                w = s = b = k = 1
                lo = hi = 0
                out = d
            window.append(w), strides.append(s), base.append(b), dil.append(k), pads.append([lo, hi]), dims.append(out)
        t = f"{v.dtype}[]"
        self.emit(f"reduce_window {v}, {self.number(v.dtype)} {{window = {ints(window)}, strides = {ints(strides)}, "
                  f"base_dilation = {ints(base)}, window_dilation = {ints(dil)}, padding = {ints(pads)}}} "
                  f"(%a: {t}, %b: {t}) {{ {self.body_of_two(v.dtype)} }}", v.dtype, dims)

    def op_sort(self):
        v = self.want(FLOATS + INTS, 1)
        axis = self.rng.randrange(v.rank)
        if size(v.dims) > 6000:
            return
        t = f"{v.dtype}[]"
        d = self.rng.choice(["lt", "gt"])
        if self.rng.random() < 0.5:
            self.emit(f"sort {v} {{dim = {axis}}} (%a: {t}, %b: {t}) {{ %c = compare %a, %b {{dir = {d}}}  yield %c }}", v.dtype, v.dims)
            return
        w = self.like(v, "i32")
        self.count += 1
        names = [f"%p{self.count}", f"%q{self.count}"]
        self.lines.append(f"  {names[0]}, {names[1]} = sort {v}, {w} {{dim = {axis}}} (%a: {t}, %b: {t}, %c: i32[], %d: i32[]) "
                          f"{{ %e = compare %a, %b {{dir = {d}}}  yield %e }}")
        self.values += [Value(names[0], v.dtype, v.dims), Value(names[1], "i32", v.dims)]

    def op_dot(self):
        v = self.want(FLOATS + INTS, 1)
        r = self.rng
        axes = list(range(v.rank))
        r.shuffle(axes)
        nb = r.choice([0, 0, 0, 1]) if v.rank > 1 else 0
        nk = min(r.choice([1, 1, 1, 2, 0]), v.rank - nb)
        batch, contract = axes[:nb], axes[nb:nb + nk]
        free = [r.choice(self.pool + [1, 16]) for _ in range(r.choice([0, 1, 1, 1, 2]))]
        parts = [("b", v.dims[i]) for i in batch] + [("k", v.dims[i]) for i in contract] + [("f", d) for d in free]
        order = list(range(len(parts)))
        if r.random() < 0.5:
            r.shuffle(order)
        rdims = [parts[i][1] for i in order]
        rb = [order.index(i) for i in range(nb)]
        rk = [order.index(nb + i) for i in range(nk)]
        rfree = [d for i, d in enumerate(rdims) if i not in rb + rk]
        dims = [v.dims[i] for i in batch] + [d for i, d in enumerate(v.dims) if i not in batch + contract] + rfree
        if size(rdims) > self.most or size(dims) > self.most or size(dims) * size([v.dims[i] for i in contract]) > self.work or len(dims) > 6:
            return
        w = self.pick(lambda w: w.dtype == v.dtype and w.dims == rdims)
        if w is None or r.random() < 0.3:
            w = self.new_input(v.dtype, rdims)
        self.emit(f"dot_general {v}, {w} {{lhs_batch = {ints(batch)}, rhs_batch = {ints(rb)}, lhs_contract = {ints(contract)}, "
                  f"rhs_contract = {ints(rk)}}}", v.dtype, dims)
        if r.random() < 0.5 and dims:
            self.emit(f"add {self.values[-1]}, {self.new_input(v.dtype, dims[-1:])}", v.dtype, dims)

    def op_dense(self):
        v = self.want(FLOATS, 1)
        out = self.rng.choice([1, 3, 10, 16, 17, 32, 40])
        if size(v.dims) * out > self.work or size([v.dims[-1], out]) > self.most:
            return
        w, b = self.new_input(v.dtype, [v.dims[-1], out]), self.new_input(v.dtype, [out])
        y = self.emit(f"dense {v}, {w}, {b}", v.dtype, v.dims[:-1] + [out])
        if self.rng.random() < 0.5:
            self.emit(f"{self.rng.choice(['relu', 'tanh', 'gelu', 'exp'])} {y}", y.dtype, y.dims)

    def op_conv(self):
        r = self.rng
        t = self.main if self.main in FLOATS or (self.main in INTS and r.random() < 0.3) else "f32"
        ns = r.choice([1, 2, 2, 2, 3])
        groups, bgroups = r.choice([1, 1, 1, 2, 3]), 1
        if groups == 1 and r.random() < 0.15:
            bgroups = 2
        ci, co = r.choice([1, 1, 2, 3, 5, 16]), r.choice([1, 2, 5, 16, 17]) * groups * bgroups
        batch = r.choice([1, 2, "N"]) if bgroups == 1 else 2 * r.choice([1, 2])
        spatial = [r.choice([1, 2, 5, 6, 8, 11]) for _ in range(ns)]
        kernel = [r.choice([1, 2, 3, 3, 5]) for _ in range(ns)]
        strides = [r.choice([1, 1, 2, 3]) for _ in range(ns)]
        ld = [r.choice([1, 1, 1, 2, 3]) for _ in range(ns)]
        rd = [r.choice([1, 1, 1, 2]) for _ in range(ns)]
        pads = [[r.choice([0, 0, 1, 2, -1]), r.choice([0, 0, 1, 2, -1])] for _ in range(ns)]
        out = [((s - 1) * l + 1 + p[0] + p[1] - ((k - 1) * d + 1)) // st + 1
               for s, k, st, l, d, p in zip(spatial, kernel, strides, ld, rd, pads)]
        if min(out) < 1:
            return
        ls, rs, os = [list(range(ns + 2)) for _ in range(3)]
        for s in (ls, rs, os):
            if r.random() < 0.6:
                r.shuffle(s)
        ldims, rdims, odims = [0] * (ns + 2), [0] * (ns + 2), [0] * (ns + 2)
        for s, d, x in ((ls, ldims, [batch, ci * groups] + spatial), (rs, rdims, [co, ci] + kernel),
                        (os, odims, [batch if bgroups == 1 else batch // 2, co] + out)):
            for i, axis in enumerate(s):
                d[axis] = x[i]
        if max(size(ldims), size(odims), size(rdims)) > self.most or size(odims) * size(kernel) * ci > 2 * self.work:
            return
        x = self.pick(lambda v: v.dtype == t and v.dims == ldims) or self.new_input(t, ldims)
        if r.random() < 0.4:
            x = self.emit(f"{r.choice(['neg', 'exp', 'tanh', 'abs'] if t in FLOATS else ['neg', 'not'])} {x}", t, ldims)
        w = self.new_input(t, rdims)
        y = self.emit(f"conv_general {x}, {w} {{lhs_spec = {ints(ls)}, rhs_spec = {ints(rs)}, out_spec = {ints(os)}, "
                      f"strides = {ints(strides)}, padding = {ints(pads)}, lhs_dilation = {ints(ld)}, rhs_dilation = {ints(rd)}, "
                      f"feature_groups = {groups}, batch_groups = {bgroups}}}", t, odims)
        if r.random() < 0.4:
            self.emit(f"max {y}, 0", t, odims)

    def op_conv2d(self):
        r = self.rng
        h, w, c, k, f = r.choice([5, 8, 9]), r.choice([6, 8]), r.choice([1, 3, 8]), r.choice([1, 3]), r.choice([4, 16, 32])
        x = self.new_input("f32", [r.choice([1, "N"]), h, w, c])
        ker, bias = self.new_input("f32", [k, k, c, f]), self.new_input("f32", [f])
        y = self.emit(f"conv2d {x}, {ker}, {bias} {{padding = same}}", "f32", [x.dims[0], h, w, f])
        y = self.emit(f"relu {y}", "f32", y.dims)
        if r.random() < 0.5:
            self.emit(f"max_pool2d {y} {{window = [2, 2], padding = {r.choice(['same', 'valid'])}}}", "f32",
                      [x.dims[0], (h + 1) // 2 if "same" in self.lines[-1] else h // 2,
                       (w + 1) // 2 if "same" in self.lines[-1] else w // 2, f])
            if "padding = same" in self.lines[-1]:
                self.values[-1].dims = [x.dims[0], (h + 1) // 2, (w + 1) // 2, f]
            else:
                self.values[-1].dims = [x.dims[0], h // 2, w // 2, f]

    def op_while(self):
        v = self.want(FLOATS + INTS)
        n = self.new_input("i8", [])
        self.count += 1
        c = self.count
        k = f"%k{c}"
        self.lines.append(f"  {k} = convert {n} {{dtype = i64}}")
        t = v.type()
        step = self.rng.choice(["add", "mul", "sub", "max"])
        other = self.like(v)
        swap = self.rng.random() < 0.4
        if swap:
            self.lines.append(f"  %i{c}, %w{c}, %z{c} = while ({k}, {v}, {other}) cond (%i: i64[], %p: {t}, %q: {t}) {{ "
                              f"%c = compare %i, 0 {{dir = gt}}  yield %c }} do (%i: i64[], %p: {t}, %q: {t}) {{ "
                              f"%n = sub %i, 3  %s = {step} %p, %q  yield %n, %q, %s }}")
            self.values += [Value(f"%w{c}", v.dtype, v.dims), Value(f"%z{c}", v.dtype, v.dims)]
        else:
            self.lines.append(f"  %i{c}, %w{c} = while ({k}, {v}) cond (%i: i64[], %p: {t}) {{ "
                              f"%c = compare %i, 0 {{dir = gt}}  yield %c }} do (%i: i64[], %p: {t}) {{ "
                              f"%n = sub %i, 3  %s = {step} %p, {other}  yield %n, %s }}")
            self.values.append(Value(f"%w{c}", v.dtype, v.dims))
        self.values.append(Value(f"%i{c}", "i64", []))

    def op_loop(self):
        """A loop with ops of all classes inside; what its state does not give comes from outside."""
        r = self.rng
        v = self.want(FLOATS + INTS)
        if self.depth or size(v.dims) > 5000:
            return
        c = self.count + 1
        state = Value(f"%s{c}", v.dtype, v.dims)
        body = self.inside([state, Value(f"%n{c}", "i32", [])], r.randint(1, 6))
        if v.dtype in FLOATS:
            body.emit(f"tanh {state}", v.dtype, v.dims)
        last = [w for w in body.values if w.dtype == v.dtype and w.dims == v.dims and w not in self.values]
        lines = self.leave(body)
        t, first = v.type(), r.choice([0, 1, 5])
        rounds = f" {{rounds = [{max(3 - first, 0)}]}}" if r.random() < 0.3 else ""
        self.lines.append(f"  %z{c} = constant {first} : i32[]\n  %e{c}, %t{c} = while (%z{c}, {v}){rounds} "
                          f"cond (%n{c}: i32[], {state}: {t}) {{ %go = compare %n{c}, 3 {{dir = lt}}  yield %go }} "
                          f"do (%n{c}: i32[], {state}: {t}) {{\n  %m{c} = add %n{c}, 1\n{lines}  yield %m{c}, {r.choice(last[-2:])} }}")
        self.values.append(Value(f"%t{c}", v.dtype, v.dims))

    def op_call(self):
        """Symbols of the other graph are the same ones here, or numbers."""
        r = self.rng
        g = r.choice(self.callees) if self.callees else None
        if g is None or g.gives_sizes:
            return
        numbers = {s: r.choice([1, 2, 3]) for s in MOST if r.random() < 0.4}

        def here(d):
            d = re.sub(r"[A-Z]", lambda m: str(numbers.get(m[0], m[0])), str(d))
            return d if any(c in MOST for c in d) else eval(d, {"max": max, "min": min})
        args = []
        for x in g.inputs:
            dims = [here(d) for d in x.dims]
            args.append(self.pick(lambda w: w.dtype == x.dtype and w.dims == dims) or self.new_input(x.dtype, dims))
        self.count += 1
        names = [f"%r{self.count}_{i}" for i in range(len(g.outputs))]
        self.lines.append(f"  {', '.join(names)} = call @{g.name}({', '.join(map(str, args))})")
        self.values += [Value(n, o.dtype, [here(d) for d in o.dims]) for n, o in zip(names, g.outputs)]

    def op_matmul(self):
        v = self.want(FLOATS + INTS, 1)
        r = self.rng
        k, wide = v.dims[-1], r.choice(self.pool + [1, 16])
        batch = [r.choice([1, d]) for d in v.dims[:-2]][r.randint(0, max(v.rank - 2, 0)):]
        rdims = [k] if r.random() < 0.2 else batch + [k, wide]
        dims = v.dims[:-1] + (rdims[-1:] if len(rdims) > 1 else [])
        if size(rdims) > self.most or size(dims) > self.most or size(dims + [k]) > self.work or v.rank == 1 and len(rdims) > 2:
            return
        w = self.pick(lambda w: w.dtype == v.dtype and w.dims == rdims) or self.new_input(v.dtype, rdims)
        self.emit(f"matmul {v}, {w}", v.dtype, dims)

    def op_batch_norm(self):
        v = self.want(FLOATS, 1)
        axis = self.rng.randrange(v.rank)
        xs = [self.like(Value("", v.dtype, [v.dims[axis]])) for _ in range(4)]
        self.emit(f"batch_norm_inference {v}, {', '.join(map(str, xs))} {{axis = {axis}}}", v.dtype, v.dims)

    OPS = [("unary", 10), ("binary", 12), ("compare", 2), ("select", 2), ("clamp", 1), ("convert", 4), ("iota", 1), ("constant", 1),
           ("dimension", 0.4), ("broadcast", 2), ("reshape", 3), ("transpose", 3), ("slice", 2.5), ("pad", 2), ("concatenate", 2),
           ("dynamic_slice", 1), ("dynamic_update_slice", 1), ("gather", 1.2), ("scatter", 1), ("reduce", 4), ("reduce_two", 0.7),
           ("short_reduce", 2.5), ("argmax", 0.7), ("softmax", 1.2), ("layer_norm", 1), ("reduce_window", 1.2), ("sort", 0.7),
           ("dot", 4), ("dense", 1.5), ("conv", 1.5), ("conv2d", 0.5), ("while", 0.7), ("loop", 0.7), ("call", 1.5), ("matmul", 1), ("batch_norm", 0.7),
           ("activation", 1.5), ("statistic", 1), ("cumulate", 1), ("rearrange", 2), ("take", 0.7),
           ("curve", 1.5), ("is_finite", 0.5), ("count_bits", 0.7), ("two_floats", 1), ("fewer_bits", 0.7), ("bitcast", 1),
           ("barrier", 0.3), ("counter", 0.4), ("random", 1), ("weight", 0.7), ("reshape_short", 2), ("where", 1), ("look_up", 1.5),
           ("truth", 0.7), ("extreme", 1.5), ("image", 3), ("norm_of_channels", 1), ("batch_training", 0.4), ("linear", 0.4), ("factors", 0.55), ("attention", 0.5), ("rotary", 0.3), ("recurrent", 0.5),
           ("einsum", 1.5), ("branch", 1), ("scan", 0.8), ("select_and_scatter", 0.5), ("several_operands", 1),
           ("sized", 1.5), ("complex", 0.5), ("fft", 0.3), ("quantized", 0.4), ("resize", 0.7), ("grid_sample", 0.3)]
    # Ops that a graph may have many of.
    FLAVOURS = {
        "joins": ["concatenate", "slice", "pad", "dynamic_update_slice"],
        "moves": ["transpose", "reshape", "broadcast", "slice", "concatenate", "rearrange", "reshape_short"],
        "indices": ["gather", "scatter", "dynamic_slice", "dynamic_update_slice", "iota", "sort", "take", "look_up", "extreme"],
        "sums": ["reduce", "short_reduce", "reduce_two", "argmax", "softmax", "layer_norm", "reduce_window", "statistic", "cumulate", "several_operands"],
        "products": ["dot", "matmul", "dense", "conv", "batch_norm", "einsum"],
        "loops": ["while", "loop", "call", "branch", "scan"],
        "types": ["convert", "unary", "binary", "bitcast", "fewer_bits"],
        "images": ["image", "norm_of_channels", "conv", "resize", "grid_sample"],
        "curves": ["curve", "two_floats", "is_finite", "activation"],
        "sizes": ["sized", "reduce", "take", "concatenate"],
        "dice": ["random", "counter", "count_bits"],
    }

    def fill(self, nlines):
        names = [n for n, _ in self.OPS]
        weights = [w * (8 if n in self.FLAVOURS.get(self.flavour, []) else 1) for n, w in self.OPS]
        while len(self.lines) < nlines:
            getattr(self, "op_" + self.rng.choices(names, weights)[0])()

    def build(self, nops):
        self.new_input()
        self.fill(nops)
        known = {d for v in self.inputs for d in v.dims}
        for s in sorted({c for v in self.values + self.inner for d in v.dims for c in str(d) if c in MOST} - known):
            self.new_input("bool", [s])     # a symbol is the extent of some input
        made = [v for v in self.values if v not in self.inputs]
        used = " ".join(self.lines)
        last = [v for v in made if used.count(v.name + " ") + used.count(v.name + ",") + used.count(v.name + ")") <= 1]
        self.rng.shuffle(last)
        self.outputs = (last or made)[:self.rng.choice([4, 4, 8])]
        if self.rng.random() < 0.4:
            extra = self.rng.choice(made)
            if extra not in self.outputs:
                self.outputs.append(extra)
        if self.rng.random() < 0.1:
            self.outputs.append(self.rng.choice(self.inputs + self.outputs))      # an input, or one result twice
        for name, k in self.sizes.items():
            if k not in self.outputs and any(name in str(d) for v in self.outputs for d in v.dims):
                self.outputs.append(k)
        self.gives_sizes = any(has_size(v.dims) for v in self.outputs)

    BOUND = "4"

    def text(self):
        args = re.sub(r"\bB\b", "(B<=" + self.BOUND + ")", ", ".join(f"{v}: {v.type()}" for v in self.inputs), count=1)
        results = ", ".join(f"%out{i}: {v.type()}" for i, v in enumerate(self.outputs))
        return ("".join(self.weights) + f"graph @{self.name}({args}) -> ({results}) {{\n" + "\n".join(self.lines) +
                f"\n  return {', '.join(map(str, self.outputs))}\n}}\n")


def module(seed, count, small=False):
    graphs = []
    for i in range(count):
        rng = random.Random(f"{seed}/{i}")
        SIZES.clear()
        g = Graph(rng, f"g{seed}_{i}", graphs[-5:] if rng.random() < 0.3 else [], small)
        g.build(rng.choice([3, 3, 3, 4, 4, 5, 6, 7, 8, 10, 16, 40] if small else [1, 2, 3, 4, 5, 6, 8, 10, 15, 25, 40]))
        if len(g.inputs) <= 40:
            graphs.append(g)
    return "".join(g.text() for g in graphs)


if __name__ == "__main__":
    words = [a for a in sys.argv[1:] if a != "--small"]
    sys.stdout.write(module(int(words[0]), int(words[1]), len(words) < len(sys.argv) - 1))
