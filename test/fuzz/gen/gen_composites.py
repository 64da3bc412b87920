"""Random uses of composites and scans: a part of the class Graph of gen.py."""
from gen_base import FLOATS, INTS, ints, is_number, size

ACTIVATIONS = "relu6 leaky_relu elu selu silu softplus mish softsign hard_sigmoid hard_swish gelu log_softmax".split()


class Composites:
    def op_activation(self):
        v = self.want(FLOATS)
        op = self.rng.choice(ACTIVATIONS)
        if op != "log_softmax" or v.rank:
            self.emit(f"{op} {v}", v.dtype, v.dims)

    def op_statistic(self):
        v = self.want(FLOATS, 1)
        axes, keep = self.some_axes(v), self.rng.random() < 0.5
        dims = [1 if i in axes else d for i, d in enumerate(v.dims) if keep or i not in axes]
        op, ord = self.rng.choice(["variance", "logsumexp", "norm", "norm"]), self.rng.choice(["0.0", "1.0", "2.0", "3.0", "inf", "-inf"])
        self.emit(f"{op} {v} {{dims = {ints(axes)}, keepdims = {'true' if keep else 'false'}{', ord = ' + ord if op == 'norm' else ''}}}",
                  v.dtype, dims)

    def op_cumulate(self):
        v, r = self.want(FLOATS + INTS, 1), self.rng
        how = f"reverse = {r.choice(['true', 'false'])}, exclusive = {r.choice(['true', 'false'])}"
        axis, t = r.randrange(v.rank), f"{v.dtype}[]"
        if r.random() < 0.5:
            self.emit(f"{r.choice(['cumsum', 'cumprod'])} {v} {{axis = {axis}, {how}}}", v.dtype, v.dims)
        else:
            self.emit(f"cumulate {v}, {self.number(v.dtype)} {{dim = {axis}, {how}}} (%a: {t}, %b: {t}) {{ {self.body_of_two(v.dtype)} }}",
                      v.dtype, v.dims)

    def op_rearrange(self):
        v, r = self.want(FLOATS + INTS + ["bool"], 1), self.rng
        axis, op = r.randrange(v.rank), r.choice(["reverse", "roll", "tile", "stack", "triu", "tril"])
        if op == "reverse":
            self.emit(f"reverse {v} {{dims = {ints(r.sample(range(v.rank), r.randint(1, v.rank)))}}}", v.dtype, v.dims)
        elif op == "roll":
            self.emit(f"roll {v} {{shift = [{r.choice([1, -1, 2, 7, -300])}], dims = [{axis}]}}", v.dtype, v.dims)
        elif op == "tile" and is_number(v.dims[axis]) and size(v.dims) * 3 <= self.most:
            n = r.choice([1, 2, 3])
            self.emit(f"tile {v} {{repeats = {ints([n if i == axis else 1 for i in range(v.rank)])}}}", v.dtype,
                      [d * n if i == axis else d for i, d in enumerate(v.dims)])
        elif op == "stack" and size(v.dims) * 2 <= self.most and v.rank < 6:
            self.emit(f"stack {v}, {self.like(v)} {{axis = {axis}}}", v.dtype, v.dims[:axis] + [2] + v.dims[axis:])
        elif op in ("triu", "tril") and v.rank >= 2:
            self.emit(f"{op} {v} {{k = {r.choice([-2, -1, 0, 0, 1, 5])}}}", v.dtype, v.dims)

    def op_take(self):
        v, r = self.want(FLOATS + INTS + ["bool"], 1), self.rng
        axis, n = r.randrange(v.rank), r.choice([1, 3, 8])
        if not is_number(v.dims[axis]) or v.dims[axis] == 0 or size(v.dims) * n > self.most:
            return
        index = self.new_input(r.choice(INTS), [n])
        self.emit(f"take {v}, {index} {{axis = {axis}}}", v.dtype, v.dims[:axis] + [n] + v.dims[axis + 1:])
        if r.random() < 0.3:
            classes = r.choice([1, 5, 300])
            self.emit(f"one_hot {index} {{num_classes = {classes}, dtype = bool}}", "bool", [n, classes])
