"""Random uses of short forms for shapes and for look-ups: a part of the class Graph of gen.py."""
from gen_base import FLOATS, INTS, ints, is_number, size


def product(dims):
    if all(map(is_number, dims)):
        return size(dims)
    return "*".join(f"({d})" for d in dims)


class Shapes:
    def op_reshape_short(self):
        v, r = self.want(FLOATS + INTS + ["bool"], 1), self.rng
        op = r.choice(["flatten", "squeeze", "expand_dims", "split"])
        if op == "flatten":
            axis = r.randint(0, v.rank)
            self.emit(f"flatten {v} {{axis = {axis}}}", v.dtype, [product(v.dims[:axis]), product(v.dims[axis:])])
        elif op == "squeeze" and 1 in v.dims:
            ones = [i for i, d in enumerate(v.dims) if d == 1]
            gone = sorted(r.sample(ones, r.randint(1, len(ones))))
            how = f" {{dims = {ints(gone)}}}" if gone != ones or r.random() < 0.5 else ""
            self.emit(f"squeeze {v}{how}", v.dtype, [d for i, d in enumerate(v.dims) if i not in gone])
        elif op == "split":
            self.split(v)
        elif v.rank < 5:
            rank = v.rank + r.randint(1, 2)
            new, rest = sorted(r.sample(range(rank), rank - v.rank)), list(v.dims)
            self.emit(f"expand_dims {v} {{dims = {ints(new)}}}", v.dtype, [1 if i in new else rest.pop(0) for i in range(rank)])

    def split(self, v):
        r = self.rng
        axis = r.randrange(v.rank)
        if not is_number(v.dims[axis]):
            return
        left, sizes = v.dims[axis], []
        while len(sizes) < 3 and r.random() < 0.8:
            sizes.append(r.randint(0, left))
            left -= sizes[-1]
        sizes.append(left)
        self.several(f"split {v} {{sizes = {ints(sizes)}, axis = {axis}}}",
                     [(v.dtype, v.dims[:axis] + [s] + v.dims[axis + 1:]) for s in sizes])

    def op_where(self):
        v = self.want(FLOATS + INTS + ["bool"])
        p = self.pick(lambda w: w.dtype == "bool" and w.dims == v.dims[v.rank - w.rank:])
        if p is None:
            p = self.new_input("bool", [1 if self.rng.random() < 0.3 else d for d in v.dims])
        w = self.like(v)
        self.emit(f"where {p}, {v}, {w}", v.dtype, v.dims)

    def op_look_up(self):
        r = self.rng
        op = r.choice(["embedding", "gather_nd", "scatter_nd", "one_hot"])
        if op == "embedding":
            v = self.pick(lambda w: w.rank == 2 and is_number(w.dims[0]) and w.dims[0] > 0) or self.new_input(None, [5, 4])
            index = self.indices(self.some_dims(20))
            dims = index.dims + v.dims[1:]
            if size(dims) <= self.most:
                self.emit(f"embedding {index}, {v}", v.dtype, dims)
            return
        v = self.want(FLOATS + INTS + ["bool"], 1)
        if op == "one_hot":
            index = self.indices(self.some_dims(20))
            n, axis, t = r.choice([0, 1, 3, 8]), r.randint(-1, index.rank), r.choice(FLOATS + INTS + ["bool"])
            at = index.rank if axis < 0 else axis
            if index.rank < 6:
                self.emit(f"one_hot {index} {{num_classes = {n}, axis = {axis}, dtype = {t}}}", t, index.dims[:at] + [n] + index.dims[at:])
            return
        batch = r.randint(0, v.rank - 1) if op == "gather_nd" and r.random() < 0.3 else 0
        k = r.randint(0 if r.random() < 0.1 else 1, v.rank - batch)
        if any(d == 0 or not is_number(d) for d in v.dims[batch:batch + k]) or 0 in v.dims[:batch]:
            return
        if op == "gather_nd" and not all(map(is_number, v.dims[:batch])):
            return
        outer = v.dims[:batch] + [r.choice([1, 2, 3, 7]) for _ in range(r.choice([0, 1, 1, 2]))]
        index, dims = self.indices(outer + [k]), outer + v.dims[batch + k:]
        if size(dims) > self.most or len(dims) > 6:
            return
        if op == "gather_nd":
            self.emit(f"gather_nd {v}, {index} {{batch_dims = {batch}}}", v.dtype, dims)
        else:
            upd = self.pick(lambda w: w.dtype == v.dtype and w.dims == dims) or self.new_input(v.dtype, dims)
            how = r.choice(["none", "add", "mul", "max", "min"]) if v.dtype != "bool" else r.choice(["none", "max", "min"])
            self.emit(f"scatter_nd {v}, {index}, {upd} {{reduction = \"{how}\"}}", v.dtype, v.dims)

    def op_truth(self):
        v, r = self.want(["bool"], 1), self.rng
        axes, keep = self.some_axes(v), r.random() < 0.5
        self.emit(f"{r.choice(['reduce_any', 'reduce_all'])} {v} {{dims = {ints(axes)}, keepdims = {'true' if keep else 'false'}}}",
                  "bool", [1 if i in axes else d for i, d in enumerate(v.dims) if keep or i not in axes])

    def op_extreme(self):
        v, r = self.want(FLOATS + INTS, 1), self.rng
        axis = r.randrange(v.rank)
        if v.dims[axis] == 0 or not is_number(v.dims[axis]):
            return
        if r.random() < 0.5:
            keep, t = r.random() < 0.5, r.choice(["i64", "i32", "u8", "i16"])
            self.emit(f"{r.choice(['argmin', 'argmax'])} {v} {{axis = {axis}, keepdims = {'true' if keep else 'false'}, dtype = {t}}}", t,
                      v.dims[:axis] + [1] * keep + v.dims[axis + 1:])
        elif size(v.dims) <= 4000:
            k = r.randint(0 if r.random() < 0.1 else 1, v.dims[axis])
            dims = v.dims[:axis] + [k] + v.dims[axis + 1:]
            self.several(f"top_k {v} {{k = {k}, axis = {axis}, largest = {r.choice(['true', 'false'])}}}", [(v.dtype, dims), ("i32", dims)])
