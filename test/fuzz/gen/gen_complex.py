"""Random uses of complex numbers, of Fourier transforms and of quantized numbers: a part of Graph."""
from gen_base import Value, ints, is_number, size

PARTS = ["f32", "f64"]
OF_ONE = "neg exp log sqrt rsqrt tanh sin cos sign logistic expm1 log1p".split()
OF_TWO = "add sub mul div".split()


class Complex:
    def hidden(self, op, dtype, dims):
        """A value that only the op at hand uses: other ops do not take complex numbers."""
        v = self.emit(op, dtype, dims)
        self.values.remove(v)
        return v

    def complex_of(self, v):
        return self.hidden(f"complex {v}, {self.like(v)}", {"f32": "c64", "f64": "c128"}[v.dtype], v.dims)

    def moved(self, z):
        r = self.rng
        if z.rank < 2 or r.random() < 0.6:
            return z
        p = list(range(z.rank))
        r.shuffle(p)
        return self.hidden(f"transpose {z} {{permutation = {ints(p)}}}", z.dtype, [z.dims[i] for i in p])

    def part_of(self, z, real):
        op = self.rng.choice(["real", "imag", "imag", "abs"])
        return self.emit(f"{op} {z}", real, z.dims)

    def op_complex(self):
        r, v = self.rng, self.want(PARTS)
        z = w = self.complex_of(v)
        for _ in range(r.randint(1, 3)):
            op = r.choice(OF_ONE + OF_TWO * 2)
            z = self.hidden(f"{op} {z}" + (f", {w}" if op in OF_TWO else ""), z.dtype, z.dims)
        z = self.moved(z)
        for _ in range(r.randint(1, 2)):
            self.part_of(z, v.dtype)

    def op_fft(self):
        r = self.rng
        v = self.want(PARTS, 1)
        if not is_number(v.dims[-1]) or not 0 < v.dims[-1] <= 64:
            v = self.new_input(r.choice(PARTS), r.choice([[], [3], ["N"]]) + [r.choice([1, 2, 5, 8, 12, 31, 64])])
        n = v.dims[-1]
        if size(v.dims[:-1]) * n * n > 200000:
            return
        length = f"length = {ints([n])}"
        if r.random() < 0.4:
            z = self.hidden(f'fft {v} {{type = "rfft", {length}}}', {"f32": "c64", "f64": "c128"}[v.dtype], v.dims[:-1] + [n // 2 + 1])
            if r.random() < 0.5:
                self.emit(f'fft {z} {{type = "irfft", {length}}}', v.dtype, v.dims)
        else:
            z = self.hidden(f'fft {self.complex_of(v)} {{type = "{r.choice(["fft", "ifft"])}", {length}}}', {"f32": "c64", "f64": "c128"}[v.dtype], v.dims)
        self.part_of(self.moved(z), v.dtype)

    def op_quantized(self):
        r, v = self.rng, self.want(PARTS + ["f16"], 1)
        axis = r.randrange(v.rank)
        per_axis = r.random() < 0.5
        scale = self.like(Value("", v.dtype, [v.dims[axis]] if per_axis else []))
        how = f"axis = {axis}" if per_axis else "axis = 0"
        t = r.choice(["i8", "u8", "i16"])
        zero = f", {self.like(Value('', t, scale.dims))}" if r.random() < 0.5 else ""
        q = self.emit(f"quantize_linear {v}, {scale}{zero} {{dtype = {t}, {how}}}", t, v.dims)
        if r.random() < 0.7:
            self.emit(f"dequantize_linear {q}, {scale}{zero} {{{how}}}", v.dtype, v.dims)
