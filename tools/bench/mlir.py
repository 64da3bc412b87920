#!/usr/bin/env python3
"""How fast MLIR text is read: `tfcc-opt --mlir-tree --no-print` on generated files, in MB/s of text.

Usage: mlir.py BUILD_DIR [RUNS]

Rows: one constant of 4 M floats as a hexadecimal blob, as a resource, and as decimals in lists; programs of 1,000 to 8,000
layers of 12 ops (the time must grow with the text, no faster), pretty, with locations, and in generic form.  Each time is
the least processor time of RUNS (3) runs, from which that of an empty module is taken off.  Then programs of up to 2,000
layers compiled to an object, whose time must grow no faster than their number.
"""
import os, random, resource, sys, tempfile

N = 4 << 20


def blob():
    rng = random.Random(1)
    return bytes(rng.getrandbits(8) for _ in range(1 << 16)).hex().upper() * (N * 4 >> 16)


def constant(value):
    return f"func.func @f() -> tensor<{N}xf32> {{\n  %c = stablehlo.constant {value} : tensor<{N}xf32>\n  return %c : tensor<{N}xf32>\n}}\n"


def resource_text():
    return constant("dense_resource<w>") + '{-#\n  dialect_resources: {\n    builtin: {\n      w: "0x04000000' + blob() + '"\n    }\n  }\n#-}\n'


def decimals():
    rng = random.Random(1)
    some = ", ".join("%.6e" % rng.gauss(0, 1) for _ in range(1 << 12))
    return constant("dense<[" + ", ".join([some] * (N >> 12)) + "]>")


def layers(n, loc=False, generic=False):
    out, t, w = ["func.func public @main(%arg0: tensor<8x64xf32>, %w: tensor<64x64xf32>) -> tensor<8x64xf32> {"], "tensor<8x64xf32>", "tensor<64x64xf32>"
    v, k = "%arg0", 0

    def op(name, args, pretty, sign, attrs=""):
        nonlocal k
        tail = f" loc(#loc{k % 50})" if loc else ""
        out.append(f'    %{k} = "stablehlo.{name}"({args}){attrs} : {sign}{tail}' if generic else f"    %{k} = stablehlo.{name} {pretty}{tail}")
        k += 1
        return f"%{k - 1}"
    two, one = f"({t}, {t}) -> {t}", f"({t}) -> {t}"
    for _ in range(n):
        d = op("dot_general", f"{v}, %w", f"{v}, %w, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : ({t}, {w}) -> {t}", f"({t}, {w}) -> {t}",
               " <{dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]}>")
        for _ in range(5):
            s = op("tanh", d, f"{d} : {t}", one)
            d = op("add", f"{s}, {d}", f"{s}, {d} : {t}", two)
        v = op("transpose", d, f"{d}, dims = [0, 1] : {one}", one, " <{permutation = array<i64: 0, 1>}>")
    locs = [f'#loc{i} = loc("model.py":{i + 1}:5 to :20)' for i in range(50)] if loc else []
    return "\n".join(out + [f"    return {v} : {t}", "}"] + locs + [""])


def cost(runs, path, *command):
    least = None
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if os.spawnv(os.P_WAIT, command[0], [*command, path]) != 0:
            sys.exit(f"{path} was refused")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        t = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        least = t if least is None else min(least, t)
    return least


def main():
    build, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    rows = [("constant, blob", lambda: constant('dense<"0x' + blob() + '">')), ("constant, resource", resource_text), ("constant, decimals", decimals)]
    rows += [(f"{n} layers", lambda n=n: layers(n)) for n in (1000, 2000, 4000, 8000)]
    rows += [("8000 layers, locations", lambda: layers(8000, loc=True)), ("8000 layers, generic", lambda: layers(8000, generic=True))]
    read = os.path.join(build, "tfcc-opt"), "--mlir-tree", "--no-print"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.mlir")
        with open(path, "w", encoding="ascii") as f:
            f.write("module {}\n")
        empty = cost(runs, path, *read)
        print(f"{'text':24} {'MB':>7} {'s':>7} {'MB/s':>7}")
        for name, make in rows:
            with open(path, "w", encoding="ascii") as f:
                f.write(make())
            size, t = os.path.getsize(path) / 1e6, max(cost(runs, path, *read) - empty, 1e-3)
            print(f"{name:24} {size:7.2f} {t:7.3f} {size / t:7.0f}", flush=True)
        print(f"\n{'compiled':24} {'s':>7} {'ms a layer':>12}")
        for n in (250, 500, 1000, 2000):
            with open(path, "w", encoding="ascii") as f:
                f.write(layers(n))
            t = cost(runs, path, os.path.join(build, "tfcc"), "-o", os.path.join(folder, "x.o"))
            print(f"{f'{n} layers':24} {t:7.2f} {1e3 * t / n:12.2f}", flush=True)


main()
