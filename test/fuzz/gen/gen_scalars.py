"""Random uses of the elementwise ops that few models have, of bit patterns and of random numbers: a part of Graph."""
from gen_base import FLOATS, INTS, WIDE, Value, bits, ints, is_number, size, type_of

CURVES = ("sin cos tan asin acos atan sinh cosh asinh acosh atanh cbrt erf erfc erf_inv lgamma digamma bessel_i1e "
          "round_nearest_afz floor ceil exp2 expm1 log1p").split()


class Scalars:
    def op_curve(self):
        v = self.want(FLOATS)
        self.emit(f"{self.rng.choice(CURVES)} {v}", v.dtype, v.dims)

    def op_is_finite(self):
        v = self.want(FLOATS)
        self.emit(f"is_finite {v}", "bool", v.dims)

    def op_count_bits(self):
        v = self.want(INTS)
        self.emit(f"{self.rng.choice(['popcnt', 'clz'])} {v}", v.dtype, v.dims)

    def op_two_floats(self):
        v = self.want(FLOATS)
        w = self.broadcastable(v)
        if isinstance(w, str) or self.rng.random() < 0.6:
            self.emit(f"{self.rng.choice(['atan2', 'nextafter'])} {v}, {w}", v.dtype, v.dims)
        else:
            self.emit(f"prelu {v}, {w}", v.dtype, v.dims)

    def op_fewer_bits(self):
        v, r = self.want(FLOATS), self.rng
        e, m = r.choice([(5, 10), (8, 7), (8, 23), (4, 3), (5, 2), (11, 52), (2, 0), (1, 5), (64, 64)])
        self.emit(f"reduce_precision {v} {{exponent_bits = {e}, mantissa_bits = {m}}}", v.dtype, v.dims)

    def finite(self, v):
        """v without infinities and NaNs, whose bits are nobody's promise."""
        p = self.emit(f"is_finite {v}", "bool", v.dims)
        return self.emit(f"select {p}, {v}, {self.rng.choice(['0', '1', '-0.0'])}", v.dtype, v.dims)

    def op_bitcast(self):
        v, r = self.want(FLOATS + INTS), self.rng
        have = bits(v.dtype)
        last = v.dims[-1] if v.dims else None
        fits = [t for t in FLOATS + INTS if bits(t) == have or (bits(t) < have and v.rank < 6) or bits(t) == have * (last or 0)]
        t = r.choice(fits)
        if v.dtype in FLOATS:
            v = self.finite(v)
        dims = v.dims + [have // bits(t)] if bits(t) < have else v.dims[:-1] if bits(t) > have else v.dims
        self.emit(f"bitcast_convert {v} {{dtype = {t}}}", t, dims)

    def op_barrier(self):
        vs = [self.want(FLOATS + INTS + ["bool"]) for _ in range(self.rng.randint(1, 3))]
        self.several(f"optimization_barrier {', '.join(map(str, vs))}", [(v.dtype, v.dims) for v in vs])

    # -- random numbers

    def op_counter(self):
        r = self.rng
        dims = self.some_dims()
        words = [self.like(Value("", "u64", dims)) for _ in range(4)]
        t, op = r.choice(["u32", "u64"]), r.choice(["philox", "threefry"])
        self.emit(f"{op} {', '.join(map(str, words[:4 if op == 'philox' else 3]))} {{dtype = {t}}}", t, dims)

    def op_random(self):
        r = self.rng
        op, algorithm = r.choice(["rng_bits", "random_uniform", "random_normal", "dropout"]), r.choice(["philox", "threefry"])
        n = r.choice([2, 3]) if algorithm == "philox" else 2
        state = self.pick(lambda w: w.dtype == "u64" and w.dims == [n]) or self.new_input("u64", [n])
        how = f"algorithm = \"{algorithm}\""
        if op == "dropout":
            v = self.want(FLOATS)
            if r.random() < 0.3:
                self.emit(f"dropout {v} {{rate = {r.choice([0, 0.5])}}}", v.dtype, v.dims)
            else:
                self.several(f"dropout {v}, {state} {{rate = {r.choice([0, 0.1, 0.5, 0.999])}, {how}}}",
                             [("u64", [n]), (v.dtype, v.dims)])
            return
        dims = self.some_dims()
        t = r.choice(INTS if op == "rng_bits" else WIDE)
        how += f", dtype = {t}, shape = {ints(dims)}"
        if op == "random_uniform" and r.random() < 0.5:
            how += f", low = {r.choice([-1, 0, 0.5])}, high = {r.choice([1, 2, 100])}"
        if op == "random_normal" and r.random() < 0.5:
            how += f", mean = {r.choice([-1, 0, 0.5])}, stddev = {r.choice([0, 1, 0.02])}"
        self.several(f"{op} {state} {{{how}}}", [("u64", [n]), (t, dims)])

    def initializer(self, t, dims):
        """Of a weight: sometimes all elements are the same."""
        r = self.rng
        if 0 in dims:
            return "zeros"
        if not dims or r.random() < 0.2:
            return r.choice(["zeros", "ones", f"splat {self.number(t)}"])

        def nested(left):
            return "[" + ", ".join(nested(left[1:]) if len(left) > 1 else self.element(t) for _ in range(left[0])) + "]"
        return nested(dims)

    def element(self, t):
        """A number, most often a plain one."""
        r = self.rng
        return f"{r.randint(-300, 300) / 64}" if t in FLOATS and r.random() < 0.9 else self.number(t)

    def new_weight(self, t, dims):
        """What the compiler knows: it may fold it, pack it, leave it out."""
        self.count += 1
        name = f"@{self.name}.w{self.count}"
        self.weights.append(f"weight {name} : {type_of(t, dims)} = {self.initializer(t, dims)}\n")
        return self.emit(f"weight {name}", t, dims)

    def op_weight(self):
        r = self.rng
        dims = [r.choice([d for d in self.pool if is_number(d)] or [3]) for _ in range(r.choice([0, 1, 1, 2]))]
        if size(dims) <= 300:
            self.new_weight(self.some_type(), dims)
