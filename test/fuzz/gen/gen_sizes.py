"""Random uses of sizes that are data: a part of the class Graph of gen.py."""
from gen_base import FLOATS, INTS, SIZES, ints, size
from gen_shapes import product


class Sizes:
    def made_of_size(self, dtype, dims):
        """No input has such an extent: something that is counted."""
        t = "i32" if dtype == "bool" else dtype
        v = self.emit(f"iota {{dim = {self.rng.randrange(len(dims))}, dtype = {t}, shape = {ints(dims)}}}", t, dims)
        if dtype == "bool":
            v = self.emit(f"compare {v}, {self.rng.choice([0, 1, 3])} {{dir = gt}}", "bool", dims)
        return v

    def new_size(self, bound, most):
        """(the symbol, as the attribute says it); None when there are many."""
        name = next((c for c in "PQRT" if c not in SIZES), None)
        if name is None:
            return None, None
        SIZES[name] = most
        return name, f"{name}<={bound}" if self.rng.random() < 0.3 else name

    def op_sized(self):
        r = self.rng
        v = self.want(FLOATS + INTS + ["bool"], 1)
        n, most = product(v.dims), size(v.dims)
        if most > min(4000, self.most):
            return
        kind = r.choice(["nonzero", "nonzero", "unique", "define_size"])
        name, text = self.new_size(v.dims[0] if kind == "define_size" else n, size(v.dims[:1]) if kind == "define_size" else most)
        if name is None:
            return
        before = len(self.values)
        if kind == "nonzero":
            self.several(f"nonzero {v} {{size = {text}}}", [("i64", [name, v.rank]), ("i64", [])])
            k = self.values[-1]
            if r.random() < 0.7 and most:
                self.emit(f"gather_nd {v}, {self.values[-2]}", v.dtype, [name])
        elif kind == "unique":
            self.several(f"unique {v} {{size = {text}}}", [(v.dtype, [name]), ("i64", [name]), ("i64", [n]), ("i64", [name]), ("i64", [])])
            k = self.values[-1]
        else:
            most = self.emit(f"dimension {{value = {v.dims[0]}}}", "i64", [])
            some = self.emit(f"constant {r.choice([0, 1, 2, 7, 100])} : i64[]", "i64", [])
            least = self.emit(f"min {some}, {most}", "i64", [])
            k = self.emit(f"define_size {least} {{size = {name}<={v.dims[0]}}}", "i64", [])
            self.emit(f"slice {v} {{start = {ints([0] * v.rank)}, limit = {ints([name] + v.dims[1:])}}}", v.dtype, [name] + v.dims[1:])
        self.sizes[name] = k
        if self.depth:
            self.values[before:] = [k]       # the others have no way out of the region
        elif r.random() < 0.5:
            self.pool.append(name)
