"""Random layers: images, norms, attention, recurrent ones, einsum.  A part of the class Graph of gen.py."""
from gen_base import FLOATS, INTS, ints, is_number, size

EQUATIONS = ("ij,jk->ik bij,bjk->bik i,i-> ij->ji ii->i ii ij,ij->i i,j->ij ijk->k ij,jk ij,kj->ki ijk,kl->ijl abc,cd,db->ab "
             "...i,ij->...j bhtd,bhsd->bhts ij->i ij,j->ij ibj,bjk->kbi i,ij,j-> ...ij->...ji").split()

POSITIONS = "half_pixel half_pixel_symmetric pytorch_half_pixel asymmetric align_corners tf_half_pixel_for_nn".split()
ROUNDINGS = "round_prefer_floor round_prefer_ceil floor ceil simple".split()


def ceil_div(d, s):
    if s == 1:
        return d
    return -(-d // s) if is_number(d) else f"({d}+{s - 1})//{s}"


class Layers:
    def windows(self, spatial, kernel):
        """Strides, dilation and padding as text of attributes, and the extents of the result; None where one is empty."""
        r = self.rng
        n = len(spatial)
        strides = [r.choice([1, 1, 2, 3]) for _ in range(n)]
        dilation = [r.choice([1, 1, 1, 2]) for _ in range(n)]
        mode = r.choice(["same", "valid", "pads"])
        if not all(map(is_number, spatial)):
            mode, strides, dilation = "same", [1] * n, [1] * n
        cover = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
        pads = [[r.choice([0, 1, 2]), r.choice([0, 1, 2])] for _ in range(n)]
        if mode == "same":
            out = [ceil_div(x, s) for x, s in zip(spatial, strides)]
        else:
            room = [x - c + (sum(p) if mode == "pads" else 0) for x, c, p in zip(spatial, cover, pads)]
            if min(room) < 0:
                return None
            out = [x // s + 1 for x, s in zip(room, strides)]
        return f"strides = {ints(strides)}, dilation = {ints(dilation)}, padding = {ints(pads) if mode == 'pads' else mode}", out

    def image(self, n, channels=None):
        """A value [batch, spatial..., channels], of type of the graph or f32."""
        r = self.rng
        t = self.main if self.main in FLOATS or (self.main in INTS and r.random() < 0.3) else "f32"
        v = self.pick(lambda w: w.rank == n + 2 and w.dtype in FLOATS and all(map(is_number, w.dims[1:])) and 0 not in w.dims and
                      max(w.dims[1:]) <= 12)
        if v is not None and r.random() < 0.6 and channels is None:
            return v
        side = [[1, 5, 8, 11], [2, 5, 6, 8], [2, 3, 4]][n - 1]
        spatial = [r.choice(side) for _ in range(n)]
        if r.random() < 0.1:
            spatial[r.randrange(n)] = r.choice("SM")
        return self.new_input(t, [r.choice([1, 2, "N"])] + spatial + [channels or r.choice([1, 2, 3, 4, 8])])

    def bias(self, t, n):
        return f", {self.new_input(t, [n])}" if self.rng.random() < 0.6 else ""

    def op_image(self):
        getattr(self, "image_" + self.rng.choice(["conv", "transpose", "depthwise", "separable", "pool", "pool", "global"]))(
            self.rng.choice([1, 2, 2, 3]))

    def image_conv(self, n):
        r = self.rng
        groups = r.choice([1, 1, 1, 2, 3])
        x = self.image(n, groups * r.choice([1, 2, 4]) if groups > 1 else None)
        kernel, f = [r.choice([1, 2, 3]) for _ in range(n)], groups * r.choice([1, 2, 3, 8])
        w = self.windows(x.dims[1:-1], kernel)
        if w and size([x.dims[0]] + w[1] + [f]) * size(kernel) * x.dims[-1] <= self.work:
            k = self.new_input(x.dtype, kernel + [x.dims[-1] // groups, f])
            self.emit(f"conv{n}d {x}, {k}{self.bias(x.dtype, f)} {{{w[0]}, groups = {groups}}}", x.dtype, [x.dims[0]] + w[1] + [f])

    def image_transpose(self, n):
        r = self.rng
        groups = r.choice([1, 1, 2])
        x = self.image(n, groups * r.choice([1, 2]) if groups > 1 else None)
        if not all(map(is_number, x.dims[1:])):
            return
        kernel, per = [r.choice([1, 2, 3]) for _ in range(n)], r.choice([1, 2, 5])
        strides, dilation = [r.choice([1, 2, 3]) for _ in range(n)], [r.choice([1, 1, 2]) for _ in range(n)]
        cover = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
        mode = r.choice(["same", "valid", "pads"])
        more, pads = [0] * n, [[0, 0]] * n
        if mode == "same":
            out = [d * s for d, s in zip(x.dims[1:-1], strides)]
        elif mode == "valid":
            out = [d * s + max(c - s, 0) for d, s, c in zip(x.dims[1:-1], strides, cover)]
        else:
            more = [r.randrange(s) for s in strides]
            pads = [[r.randint(0, min(c - 1, 1)), r.randint(0, min(c - 1, 1))] for c in cover]
            out = [(d - 1) * s + c + m - sum(p) for d, s, c, m, p in zip(x.dims[1:-1], strides, cover, more, pads)]
        dims = [x.dims[0]] + out + [per * groups]
        if min(out) < 1 or size(dims) > self.most or size(dims) * size(kernel) * x.dims[-1] > self.work:
            return
        k = self.new_input(x.dtype, kernel + [per, x.dims[-1]])
        how = f"padding = {ints(pads) if mode == 'pads' else mode}" + (f", output_padding = {ints(more)}" if mode == "pads" else "")
        self.emit(f"conv{n}d_transpose {x}, {k}{self.bias(x.dtype, per * groups)} "
                  f"{{strides = {ints(strides)}, dilation = {ints(dilation)}, groups = {groups}, {how}}}", x.dtype, dims)

    def image_depthwise(self, n, separable=False):
        r = self.rng
        n = min(n, 2)
        x, m, f = self.image(n), r.choice([1, 1, 2, 3]), r.choice([1, 3, 8])
        kernel = [r.choice([1, 2, 3]) for _ in range(n)]
        w, c = self.windows(x.dims[1:-1], kernel), x.dims[-1]
        if not w or size([x.dims[0]] + w[1] + [c * m, max(size(kernel), f)]) > self.work:
            return
        k = self.new_input(x.dtype, kernel + [c, m])
        if separable:
            p = self.new_input(x.dtype, [1] * n + [c * m, f])
            self.emit(f"separable_conv{n}d {x}, {k}, {p}{self.bias(x.dtype, f)} {{{w[0]}}}", x.dtype, [x.dims[0]] + w[1] + [f])
        else:
            self.emit(f"depthwise_conv{n}d {x}, {k}{self.bias(x.dtype, c * m)} {{{w[0]}}}", x.dtype, [x.dims[0]] + w[1] + [c * m])

    def image_separable(self, n):
        self.image_depthwise(n, True)

    def image_pool(self, n):
        r = self.rng
        x, window = self.image(n), [r.choice([1, 2, 2, 3]) for _ in range(n)]
        w = self.windows(x.dims[1:-1], window)
        if w:
            op = "max" if x.dtype in INTS else r.choice(["max", "avg"])
            how = ", count_include_pad = true" if op == "avg" and r.random() < 0.5 else ""
            self.emit(f"{op}_pool{n}d {x} {{window = {ints(window)}, {w[0]}{how}}}", x.dtype, [x.dims[0]] + w[1] + [x.dims[-1]])

    def image_global(self, n):
        x, keep = self.image(n), self.rng.random() < 0.5
        op = "max" if x.dtype in INTS else self.rng.choice(["max", "avg"])
        self.emit(f"global_{op}_pool{n}d {x} {{keepdims = {'true' if keep else 'false'}}}", x.dtype,
                  [x.dims[0]] + ([1] * n if keep else []) + [x.dims[-1]])

    def op_resize(self):
        r = self.rng
        v = self.want(FLOATS + INTS + ["bool"], 1)
        axes = [k for k, d in enumerate(v.dims) if is_number(d) and d > 0]
        axes = sorted(r.sample(axes, min(len(axes), r.choice([1, 1, 2]))))
        shape, most = list(v.dims), list(v.dims)
        for k in axes:
            shape[k] = r.choice([v.dims[k], 2 * v.dims[k], 3 * v.dims[k], (v.dims[k] + 1) // 2, 1, 5, 7])
            most[k] = max(shape[k], v.dims[k])
        if not axes or size(most) * 4 > self.most:
            return
        mode, region = r.choice(["nearest", "linear", "linear", "cubic"]), ""
        how = [f'shape = {ints(shape)}, dims = {ints(axes)}, mode = "{mode}", rounding = "{r.choice(ROUNDINGS)}"']
        if r.random() < 0.2:
            region, position = f", {self.new_input('f32', [2 * len(axes)])}", "tf_crop_and_resize"
        else:
            position = r.choice(POSITIONS)
        how.append(f'position = "{position}"')
        if r.random() < 0.2:
            how.append(f"scales = {ints(shape[k] / v.dims[k] * r.choice([1, 0.9, 1.25]) for k in axes)}")
        if mode != "nearest":
            how += ["exclude_outside = true"] * (r.random() < 0.3) + ["antialias = true"] * (r.random() < 0.4)
        self.emit(f"resize {v}{region} {{{', '.join(how)}}}", v.dtype, shape)

    def op_grid_sample(self):
        r = self.rng
        v = self.pick(lambda w: 3 <= w.rank <= 4 and all(is_number(d) and d > 0 for d in w.dims[2:])) or self.new_input(None, [2, 3, 4, 3][:r.choice([3, 4])])
        n, places = v.rank - 2, [r.choice([0, 1, 3, 8]) for _ in range(r.choice([0, 1, 1, 2]))]
        mode = r.choice(["nearest", "linear", "cubic"])
        dims = v.dims[:2] + places
        if size(dims) * 4 ** n > self.most:
            return
        grid = self.new_input(r.choice(["f32", "f32", "f64", "f16"]), v.dims[:1] + places + [n])
        self.emit(f'grid_sample {v}, {grid} {{mode = "{mode}", padding = "{r.choice(["zeros", "border", "reflection"])}", align_corners = '
                  f'{r.choice(["true", "false"])}, normalized = {r.choice(["true", "false"])}}}', v.dtype, dims)

    def op_norm_of_channels(self):
        v, r = self.want(FLOATS, 2), self.rng
        op, axis = r.choice(["group_norm", "instance_norm", "rms_norm", "lrn"]), r.randint(1, v.rank - 1)
        if 0 in v.dims:
            return
        if op == "lrn":
            self.emit(f"lrn {v} {{size = {r.choice([1, 2, 3, 5])}, axis = {axis}, alpha = {r.choice(['0.0001', '0.5'])}, "
                      f"beta = {r.choice(['0.75', '1', '0.5'])}}}", v.dtype, v.dims)
        elif op == "rms_norm":
            k = r.randint(1, min(2, v.rank))
            self.emit(f"rms_norm {v}, {self.new_input(v.dtype, v.dims[v.rank - k:])} {{axis = {-k}}}", v.dtype, v.dims)
        else:
            c = v.dims[axis]
            s, o = self.new_input(v.dtype, [c]), self.new_input(v.dtype, [c])
            how = f"axis = {axis}"
            if op == "group_norm":
                how += f", groups = {r.choice([g for g in range(1, c + 1) if c % g == 0]) if is_number(c) else 1}"
            self.emit(f"{op} {v}, {s}, {o} {{{how}}}", v.dtype, v.dims)

    def op_batch_training(self):
        v, r = self.want(FLOATS, 2), self.rng
        axis = r.randint(0, v.rank - 1)
        if 0 in v.dims:
            return
        c = v.dims[axis]
        args = [v, self.new_input(v.dtype, [c]), self.new_input(v.dtype, [c])]
        op = r.choice(["batch_norm_training", "batch_norm_grad"])
        if op == "batch_norm_grad":
            args += [self.new_input(v.dtype, [c]), self.like(v)]
        self.several(f"{op} {', '.join(map(str, args))} {{axis = {axis}}}", [(v.dtype, v.dims)] + [(v.dtype, [c])] * 2)

    def op_linear(self):
        r = self.rng
        t = self.main if self.main in FLOATS else "f32"
        n, m, batch = r.choice([1, 2, 3, 4, 8]), r.choice([1, 2, 5]), r.choice([[], [], [2], ["N"]])
        a = self.pick(lambda w: w.dtype == t and w.rank == 2 and w.dims[0] == w.dims[1] and is_number(w.dims[0]) and
                      0 < w.dims[0] <= 16)
        if a is None or r.random() < 0.5:
            a = self.new_input(t, batch + [n, n])
        yes = ["true", "false"]
        if r.random() < 0.4:
            a = self.emit(f"matmul {a}, {a}", t, a.dims)
            self.emit(f"cholesky {a} {{lower = {r.choice(yes)}}}", t, a.dims)
        else:
            left, n = r.choice(yes), a.dims[-1]
            b = self.new_input(t, a.dims[:-2] + ([n, m] if left == "true" else [m, n]))
            op = r.choice(["no_transpose", "transpose", "adjoint"])
            self.emit(f"triangular_solve {a}, {b} {{left_side = {left}, lower = {r.choice(yes)}, unit_diagonal = {r.choice(yes)}, "
                      f"transpose_a = \"{op}\"}}", t, b.dims)

    def op_factors(self):
        r = self.rng
        t = self.main if self.main in FLOATS else "f32"
        a = self.pick(lambda w: w.dtype == t and w.rank in (2, 3) and all(map(is_number, w.dims[-2:])) and 0 < max(w.dims[-2:]) <= 9)
        if a is None or r.random() < 0.5:
            a = self.new_input(t, r.choice([[], [], [2], ["N"]]) + [r.choice([1, 2, 3, 5]), r.choice([1, 2, 3, 5])])
        op = r.choice(["lu", "qr_factors", "eigh", "svd", "tridiagonal_solve"])
        if op == "eigh" and a.dims[-1] != a.dims[-2]:
            a = self.new_input(t, a.dims[:-2] + a.dims[-1:] * 2)
        batch, m, n = a.dims[:-2], a.dims[-2], a.dims[-1]
        few = min(m, n)
        if size(a.dims) * max(m, n) * (40 if op in ("eigh", "svd") else 4) > self.work:
            return
        if op == "lu":
            self.several(f"lu {a}", [(t, a.dims), ("i32", batch + [few]), ("i32", batch)])
        elif op == "tridiagonal_solve":
            d, e = self.new_input(t, batch + [m]), self.new_input(t, batch + [m])
            self.several(f"tridiagonal_solve {d}, {e}, {d}, {a}", [(t, a.dims), ("i32", batch)])
        elif op == "eigh":
            self.several(f"eigh {a} {{lower = {r.choice(['true', 'false'])}}}", [(t, batch + [n]), (t, a.dims)])
        elif op == "svd":
            full = r.random() < 0.5
            self.several(f"svd {a} {{full_matrices = {'true' if full else 'false'}}}",
                         [(t, batch + [m, m if full else few]), (t, batch + [few]), (t, batch + [n if full else few, n])])
        else:
            self.several(f"qr_factors {a}", [(t, a.dims), (t, batch + [few])])
            if m >= n:
                self.emit(f"householder_product {self.values[-2]}, {self.values[-1]}", t, a.dims)

    def op_attention(self):
        r = self.rng
        t = self.main if self.main in FLOATS else "f32"
        b, k, h = r.choice([1, 2, "N"]), r.choice([1, 1, 2]), r.choice([1, 2])
        tt, s, d, e = [r.choice([1, 2, 3, 4, 5, 8]) for _ in range(4)]
        if r.random() < 0.2:
            tt = s = "M"

        def value(dims):
            return self.pick(lambda w: w.dtype == t and w.dims == dims) or self.new_input(t, dims)
        args = [value([b, k * h, tt, d]), value([b, k, s, d]), value([b, k, s, e])]
        if r.random() < 0.5:
            full = [b, k * h, tt, s]
            args.append(self.new_input(r.choice(["bool", t]), [1 if r.random() < 0.3 else x for x in full][r.randint(0, 3):]))
        how = [f"scale = {r.choice(['0', '0.5', '1'])}", f"is_causal = {r.choice(['true', 'false'])}"]
        if r.random() < 0.4:
            how += [f"{side}_window = {r.choice([-1, 0, 1, 2, 5])}" for side in ("left", "right") if r.random() < 0.7]
        if r.random() < 0.3:
            filled = self.new_input(r.choice(["i32", "i64"]), [b])
            ends = [self.emit(f"constant {n} : {filled.dtype}[]", filled.dtype, []) for n in (0, 8)]
            least, most = (self.emit(f"broadcast_in_dim {x} {{shape = [{b}], dims = []}}", filled.dtype, [b]) for x in ends)
            args.append(self.emit(f"clamp {least}, {filled}, {most}", filled.dtype, [b]))
        elif r.random() < 0.3:
            how.append(f"past = [{r.choice([0, 1, 3, f'{s} - {tt}'])}]")
        if r.random() < 0.2:
            how.append(f"softcap = {r.choice(['0.5', '2', '30'])}")
        if r.random() < 0.1:
            how.append("precise = true")
        results = [(t, [b, k * h, tt, e])]
        if r.random() < 0.2:
            how.append(f'scores = "{r.choice(["products", "capped", "masked", "weights"])}"')
            results.append((t, [b, k * h, tt, s]))
        self.several(f"attention {', '.join(map(str, args))} {{{', '.join(how)}}}", results)

    def op_rotary(self):
        r = self.rng
        v = self.pick(lambda w: w.dtype in FLOATS and w.rank == 4 and is_number(w.dims[3]) and size(w.dims) <= 400)
        if v is None or r.random() < 0.3:
            v = self.new_input(self.main if self.main in FLOATS else "f32", [r.choice([1, 2, "N"]), r.choice([1, 3]), r.choice([1, 2, 5, "M"]), r.choice([1, 2, 4, 6, 7])])
        n, _, steps, depth = v.dims
        half = r.randint(0, depth // 2)
        args, each = [v], [[steps], [n, steps], [1, steps]][r.randrange(3)]
        if r.random() < 0.5:
            args += [self.new_input(v.dtype, [5, half]) for _ in range(2)] + [self.new_input(r.choice(INTS), each)]
        else:
            args += [self.new_input(v.dtype, each + [half]) for _ in range(2)]
        self.emit(f"rotary_embedding {', '.join(map(str, args))} {{interleaved = {r.choice(['true', 'false'])}}}", v.dtype, v.dims)

    def op_recurrent(self):
        r = self.rng
        x = self.pick(lambda w: w.dtype in FLOATS and w.rank == 3 and size(w.dims) <= 400)
        if x is None or r.random() < 0.4:
            x = self.new_input(self.main if self.main in FLOATS else "f32", [r.choice([1, 2, "N"]), r.choice([1, 3, 4, "M"]), r.choice([1, 2, 5])])
        n, steps, c = x.dims
        u, op = r.choice([1, 2, 3, 5]), r.choice(["lstm", "gru", "simple_rnn"])
        gates, states = {"lstm": (4, 2), "gru": (3, 1), "simple_rnn": (1, 1)}[op]
        after = op == "gru" and r.random() < 0.6
        args = [x, self.new_input(x.dtype, [c, gates * u]), self.new_input(x.dtype, [u, gates * u]),
                self.new_input(x.dtype, [2, gates * u] if after else [gates * u])]
        if r.random() < 0.5:
            args += [self.new_input(x.dtype, [n, u]) for _ in range(states)]
        kinds = ["tanh", "sigmoid", "relu", "linear"]
        how = f"go_backwards = {r.choice(['true', 'false'])}, activation = \"{r.choice(kinds)}\""
        if op != "simple_rnn":
            how += f", recurrent_activation = \"{r.choice(kinds)}\""
        if op == "gru":
            how += f", reset_after = {'true' if after else 'false'}"
        self.several(f"{op} {', '.join(map(str, args))} {{{how}}}",
                     [(x.dtype, [n, steps, u])] + [(x.dtype, [n, u])] * states)

    def op_einsum(self):
        r = self.rng
        equation = r.choice(EQUATIONS)
        t = self.main if self.main in FLOATS + INTS else "f32"
        left, _, right = equation.partition("->")
        extent = {c: r.choice([d for d in self.pool if d != 0] + [2, 3]) for c in "abcdefghijklmnopqrstuvwxyz"}
        dots = self.some_dims(20)[:2]

        def dims_of(term):
            return (dots if "..." in term else []) + [extent[c] for c in term.replace("...", "")]
        v = self.pick(lambda w: w.dtype == t and w.rank == len(left.split(",")[0].replace("...", "")) and "..." not in left and "ii" not in left)
        if v is not None:
            extent.update(zip(left, v.dims))
        if "->" not in equation:
            letters = left.replace(",", "")
            right = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
        dims, terms = dims_of(right), [dims_of(x) for x in left.split(",")]
        if max(size(d) for d in terms + [dims]) > self.most or size([extent[c] for c in set(left) if c.isalpha()] + dots) > self.work:
            return
        args = [self.pick(lambda w, d=d: w.dtype == t and w.dims == d) or self.new_input(t, d) for d in terms]
        self.emit(f"einsum {', '.join(map(str, args))} {{equation = \"{equation}\"}}", t, dims)
