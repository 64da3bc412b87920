"""Random control flow with ops of all classes inside: a part of the class Graph of gen.py."""
from gen_base import FLOATS, INTS, Value, ints, is_number, size


class Control:
    def inside(self, args, nlines):
        """The body of a region: `args` are its arguments.  What they do not give comes from outside."""
        body = type(self)(self.rng, self.name, [], self.small)
        body.depth, body.count, body.pool, body.main, body.weights = self.depth + 1, self.count + 1, self.pool, self.main, self.weights

        def new_input(dtype=None, dims=None):
            self.count = body.count
            x = self.new_input(dtype, dims)
            body.count = self.count
            body.values.append(x)
            return x
        body.new_input = new_input
        body.values = self.values[-3:] + args
        body.fill(nlines)
        return body

    def leave(self, body):
        """The lines of the body, whose names are not used again."""
        self.count = body.count
        self.inner += body.values + body.inner
        return "".join("  " + line + "\n" for line in body.lines)

    def made(self, body, v, args=()):
        """A value in the body of v's type; made there where that is possible."""
        fits = [w for w in body.values if w.dtype == v.dtype and w.dims == v.dims]
        new = [w for w in fits if w not in self.values and w not in args]
        return self.rng.choice((new or fits)[-2:]) if fits else body.like(v)

    def op_branch(self):
        """cond or case: branches that yield the same types."""
        r = self.rng
        if self.depth > 1:
            return
        case = r.random() < 0.5
        if case:
            p = self.pick(lambda w: w.dtype == "i32" and w.rank == 0) or self.new_input("i32", [])
        else:
            p = self.pick(lambda w: w.dtype == "bool" and w.rank == 0) or self.new_input("bool", [])
        yields, texts = None, []
        for word in ["branch"] * r.randint(1, 4) if case else ["then", "else"]:
            body = self.inside([], r.randint(0 if yields else 1, 4))
            if yields is None:
                yields = [r.choice(body.values[-3:]) for _ in range(r.randint(1, 2))]
                given = yields
            else:
                given = [self.made(body, v) for v in yields]
            texts.append(f"{word} {{\n{self.leave(body)}  yield {', '.join(map(str, given))} }}")
        self.several(f"{'case' if case else 'cond'} {p} {' '.join(texts)}", [(v.dtype, v.dims) for v in yields])

    def op_scan(self):
        r = self.rng
        if self.depth > 1:
            return
        x = self.want(FLOATS + INTS, 1)
        states = [self.want(FLOATS + INTS) for _ in range(r.choice([0, 1, 1, 2]))]
        # What is not scaled down grows from round to round; the bits stay comparable all the same.
        xs = [x] + [self.like(x) for _ in range(r.choice([0, 0, 1]))]
        rounds, how = x.dims[0], ""
        if not xs or (states and r.random() < 0.15):
            xs, rounds = [], r.choice([0, 1, 3])
            how = f", length = [{rounds}]"
        if sum(size(v.dims) for v in states) * size([rounds]) > self.work // 4:
            return
        args = [Value(f"%s{self.count + 1}_{i}", v.dtype, v.dims) for i, v in enumerate(states)]
        args += [Value(f"%s{self.count + 1}_{len(states) + i}", v.dtype, v.dims[1:]) for i, v in enumerate(xs)]
        self.count += 1
        body = self.inside(args, r.randint(1, 4))
        carried = [self.made(body, a, args) for a in args[:len(states)]]
        out = [r.choice(body.values[-2:]) for _ in range(r.choice([0, 1, 1, 2]))]
        out = [w for w in out if size(w.dims) * size([rounds]) <= self.most and w.rank < 6]
        if not carried + out:
            out = [args[-1]]
        text = self.leave(body)
        self.several(f"scan {', '.join(map(str, states + xs))} {{carry = {len(states)}, reverse = {r.choice(['true', 'false'])}{how}}} "
                     f"({', '.join(f'{a}: {a.type()}' for a in args)}) {{\n{text}  yield {', '.join(map(str, carried + out))} }}",
                     [(w.dtype, w.dims) for w in states] + [(w.dtype, [rounds] + w.dims) for w in out])

    def op_select_and_scatter(self):
        v, r = self.want(FLOATS + INTS, 1), self.rng
        window, strides, pads, dims = [], [], [], []
        for d in v.dims:
            w, s = (r.choice([1, 2, 3]), r.choice([1, 2, 3])) if is_number(d) and d >= 3 else (1, 1)
            lo, hi = (r.randint(0, 1), r.randint(0, 1)) if w > 1 else (0, 0)
            window.append(w), strides.append(s), pads.append([lo, hi])
            dims.append((d + lo + hi - w) // s + 1 if is_number(d) and d >= 3 else d)
        source = self.pick(lambda w: w.dtype == v.dtype and w.dims == dims) or self.new_input(v.dtype, dims)
        t = f"{v.dtype}[]"
        self.emit(f"select_and_scatter {v}, {source}, {self.number(v.dtype)} {{window = {ints(window)}, strides = {ints(strides)}, "
                  f"padding = {ints(pads)}}} select (%a: {t}, %b: {t}) {{ %c = compare %a, %b {{dir = {r.choice(['ge', 'gt', 'le'])}}}  "
                  f"yield %c }} scatter (%a: {t}, %b: {t}) {{ {self.body_of_two(v.dtype)} }}", v.dtype, v.dims)

    def op_several_operands(self):
        """Reductions, windows, scans and sorts of two tensors at once."""
        v, r = self.want(FLOATS + INTS, 1), self.rng
        w = self.like(v, r.choice([v.dtype, "i32", "f32"]))
        axis, t, u = r.randrange(v.rank), f"{v.dtype}[]", f"{w.dtype}[]"
        four = f"(%a: {t}, %b: {u}, %c: {t}, %d: {u})"
        better = f"%g = compare %a, %c {{dir = {r.choice(['ge', 'gt', 'lt'])}}}  %h = select %g, %a, %c  %i = select %g, %b, %d  yield %h, %i"
        first = [self.emit(f"constant {self.number(s)} : {s}[]", s, []) for s in (v.dtype, w.dtype)]
        start = f"{v}, {w}, {first[0]}, {first[1]}"
        how = r.choice(["window", "cumulate", "sort", "scatter"])
        if how == "window":
            window = [2 if i == axis and is_number(d) and d >= 2 else 1 for i, d in enumerate(v.dims)]
            dims = [d - 1 if n == 2 else d for d, n in zip(v.dims, window)]
            self.several(f"reduce_window {start} {{window = {ints(window)}}} {four} {{ {better} }}", [(v.dtype, dims), (w.dtype, dims)])
        elif how == "cumulate":
            self.several(f"cumulate {start} {{dim = {axis}, reverse = {r.choice(['true', 'false'])}}} {four} {{ {better} }}",
                         [(v.dtype, v.dims), (w.dtype, w.dims)])
        elif how == "sort" and size(v.dims) <= 4000:
            third = self.like(v)
            self.several(f"sort {v}, {w}, {third} {{dim = {axis}, stable = {r.choice(['true', 'false'])}}} "
                         f"(%a: {t}, %b: {t}, %c: {u}, %d: {u}, %e: {t}, %f: {t}) {{ %g = compare %a, %b {{dir = lt}}  "
                         f"%h = compare %c, %d {{dir = lt}}  %i = compare %a, %b {{dir = eq}}  %j = and %i, %h  %k = or %g, %j  yield %k }}",
                         [(v.dtype, v.dims), (w.dtype, w.dims), (v.dtype, v.dims)])
        elif how == "scatter" and is_number(v.dims[0]) and v.dims[0] > 0:
            n = r.choice([1, 3, 5])
            index, dims = self.indices([n, 1]), [n] + v.dims[1:]
            if size(dims) > self.most:
                return
            a, b = (self.pick(lambda x, s=s: x.dtype == s and x.dims == dims) or self.new_input(s, dims) for s in (v.dtype, w.dtype))
            self.several(f"scatter {v}, {w}, {index}, {a}, {b} {{update_window_dims = {ints(range(1, v.rank))}, inserted_window_dims = [0], "
                         f"scatter_dims_to_operand_dims = [0], index_vector_dim = 1}} {four} {{ {better} }}",
                         [(v.dtype, v.dims), (w.dtype, w.dims)])
