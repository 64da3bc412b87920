#!/usr/bin/python3
"""Graphs at the edges of the numerics contract: cases.py TOPIC prints a module.

The edges are those of docs/graph-format.md: 16 lanes, blocks and chunks of 256, sums of 4096 terms; those of the tiles
and vectors; and the sizes from which work is split among threads.  A symbol such as K257 gets the numbers around it."""
import sys

EDGES = [1, 15, 16, 17, 255, 256, 257, 511, 4095, 4096, 4097, 5000]
SYMBOLIC = ["K1", "K16", "K256", "K511", "K4096"]


def dims(*xs):
    return "[" + ", ".join(map(str, xs)) + "]"


def name_of(*xs):
    return "_".join(str(x).replace("*", "x") for x in xs)


def graph(name, inputs, body, results):
    """inputs: types of %a, %b, ...; body: lines; results: pairs of value and type."""
    args = ", ".join(f"%{chr(97 + i)}: {t}" for i, t in enumerate(inputs))
    types = ", ".join(f"%out{i}: {t}" for i, (_, t) in enumerate(results))
    lines = "".join(f"  {line}\n" for line in body)
    print(f"graph @{name}({args}) -> ({types}) {{\n{lines}  return {', '.join(v for v, _ in results)}\n}}")


def reduce_graph(name, dtype, shape, axes, op="reduce_sum"):
    left = [d for i, d in enumerate(shape) if i not in axes]
    graph(name, [dtype + dims(*shape)], [f"%r = {op} %a {{dims = {dims(*axes)}}}"], [("%r", dtype + dims(*left))])


def serial(name, dtype, shape, axes):
    left = [d for i, d in enumerate(shape) if i not in axes]
    t = dtype + "[]"
    graph(name, [dtype + dims(*shape)],
          [f"%r = reduce %a, 1 {{dims = {dims(*axes)}}} (%p: {t}, %q: {t}) "
           "{ %s = mul %p, 0.75  %t = add %s, %q  yield %t }"], [("%r", dtype + dims(*left))])


def two_sums(name, dtype, shape, axis):
    """A body of two operands: serial."""
    left = [d for i, d in enumerate(shape) if i != axis]
    t = dtype + "[]"
    graph(name, [dtype + dims(*shape)] * 2,
          [f"%r, %s = reduce %a, %b, 0, 1 {{dims = [{axis}]}} (%p: {t}, %q: {t}, %u: {t}, %v: {t}) "
           "{ %x = add %p, %u  %y = mul %q, %v  yield %x, %y }"], [("%r", dtype + dims(*left)), ("%s", dtype + dims(*left))])


def reductions():
    """Rows, columns and whole tensors with every edge."""
    for n in EDGES + SYMBOLIC:
        reduce_graph(f"rows_{n}", "f32", [3, n], [1])
        reduce_graph(f"columns_{n}", "f32", [n, 5], [0])
        reduce_graph(f"middle_{n}", "f32", [2, n, 3], [1])
    for n in (15, 257, 4097, "K256"):
        reduce_graph(f"all_{n}", "f32", [n, 7], [0, 1])
        reduce_graph(f"apart_{n}", "f32", [n, 3, 17], [0, 2])
        reduce_graph(f"pairs_{n}", "f64", [2, n], [1], "reduce_prod")
        reduce_graph(f"halves_{n}", "f16", [3, n], [1])
        reduce_graph(f"brains_{n}", "bf16", [n, 3], [0], "mean" if n != "K256" else "reduce_sum")
        reduce_graph(f"largest_{n}", "f32", [3, n], [1], "reduce_max")
        serial(f"serial_{n}", "f32", [3, n], [1])
        serial(f"serial_columns_{n}", "f32", [n, 3], [0])
        serial(f"serial_halves_{n}", "bf16", [n, 3], [0])
        two_sums(f"two_{n}", "f32", [n, 3], 0)
        two_sums(f"two_rows_{n}", "f32", [3, n], 1)


def long_reductions():
    """Many rows, and more than 256 chunks."""
    reduce_graph("many_rows", "f32", [70000, 3], [1])
    reduce_graph("many_columns", "f32", [70000, 3], [0])
    reduce_graph("many_all", "f32", [33000, 2], [0, 1])
    reduce_graph("many_middle", "f32", [2, 66000, 2], [1])
    reduce_graph("many_apart", "f32", [66000, 2, 2], [0, 2])
    reduce_graph("many_blocks", "f32", [300000], [0])
    reduce_graph("symbolic_blocks", "f32", ["K65536"], [0])
    reduce_graph("symbolic_columns", "f32", ["K65536", 2], [0])
    reduce_graph("symbolic_rows", "f32", ["K65536", 2], [1])
    reduce_graph("symbolic_all", "f32", ["K260", "K255"], [0, 1])
    reduce_graph("symbolic_apart", "f32", ["K260", "K3", "K255"], [0, 2])
    graph("largest_at", ["f32[2, 70000]"], ["%r = argmax %a"], [("%r", "i64[2]")])
    graph("largest_column", ["f32[66000, 2]"], ["%r = argmax %a {axis = 0, dtype = i32}"], [("%r", "i32[2]")])


def dot(name, dtype, lhs, rhs, out, how, body=(), a="%a", b="%b", inputs=None):
    graph(name, inputs or [dtype + dims(*lhs), dtype + dims(*rhs)],
          list(body) + [f"%r = dot_general {a}, {b} {{{how}}}"], [("%r", dtype + dims(*out))])


def made(value, dtype, shape):
    """A constant tensor, by folding."""
    rank = len(shape)
    return [f"%i{k} = iota {{dim = {k}, dtype = f32, shape = {dims(*shape)}}}" for k in range(rank)] + \
           ["%m0 = mul %i0, 0.37"] + [f"%m{k} = add %m{k - 1}, %i{k}" for k in range(1, rank)] + \
           [f"%n = rem %m{rank - 1}, 1.7", "%o = sub %n, 0.8", f"{value} = convert %o {{dtype = {dtype}}}"]


def contractions():
    """Long and short chains; lanes; every width up to a few panels; constants on either side; batches."""
    plain = "lhs_contract = [1], rhs_contract = [0]"
    for k in [1, 15, 16, 17, 4095, 4096, 4097, 8193, "K1", "K17", "K4096", "K8192"]:
        dot(f"chain_{k}", "f32", [3, k], [k, 5], [3, 5], plain)
        dot(f"lanes_{k}", "f32", [3, k], [k], [3], plain)
        dot(f"lanes_one_{k}", "f32", [k, 2], [1, k], [2, 1], "lhs_contract = [0], rhs_contract = [1]")
    for n in list(range(3, 41, 2)) + ["M", "K16"]:
        dot(f"width_{n}", "f32", [7, 33], [33, n], [7, n], plain)
        if n not in ("M", "K16") and n % 4 == 3:
            dot(f"packed_{n}", "f32", [7, 33], [33, n], [7, n], plain, made("%w", "f32", [33, n]), b="%w", inputs=["f32[7, 33]"])
            dot(f"packed_lhs_{n}", "f32", [n, 33], [33, 7], [n, 7], plain, made("%w", "f32", [n, 33]), a="%w", b="%a",
                inputs=["f32[33, 7]"])
            dot(f"packed_batch_{n}", "f32", ["N", 19], [19, n], ["N", n], plain, made("%w", "f32", [19, n]), b="%w",
                inputs=["f32[N, 19]"])
    for dtype in ("f64", "f16", "bf16", "i32", "u8", "i64"):
        dot(f"chain_{dtype}", dtype, [5, 40], [40, 19], [5, 19], plain)
        dot(f"lanes_{dtype}", dtype, [5, 300], [300], [5], plain)
        dot(f"long_{dtype}", dtype, [2, 4100], [4100, 3], [2, 3], plain)
    for dtype in ("f64", "bf16", "f16"):
        dot(f"packed_{dtype}", dtype, [7, 33], [33, 17], [7, 17], plain, made("%w", dtype, [33, 17]), b="%w",
            inputs=[dtype + "[7, 33]"])
    for b in (1, 3, "N"):
        dot(f"batches_{b}", "f32", [b, 5, 20], [b, 20, 9], [b, 5, 9],
            "lhs_batch = [0], rhs_batch = [0], lhs_contract = [2], rhs_contract = [1]")
        dot(f"batches_last_{b}", "f32", [20, 5, b], [9, b, 20], [b, 5, 9],
            "lhs_batch = [2], rhs_batch = [1], lhs_contract = [0], rhs_contract = [2]")
        dot(f"batches_lanes_{b}", "f32", [b, 5, 20], [b, 20], [b, 5],
            "lhs_batch = [0], rhs_batch = [0], lhs_contract = [2], rhs_contract = [1]")
        dot(f"products_{b}", "f32", [b, 7], [b, 19], [b, 7, 19], "lhs_batch = [0], rhs_batch = [0], lhs_contract = [], rhs_contract = []")
    dot("two_axes", "f32", [4, 70, 61], [61, 70, 6], [4, 6], "lhs_contract = [1, 2], rhs_contract = [1, 0]")
    dot("all_axes", "f32", [70, 61], [70, 61], [], "lhs_contract = [0, 1], rhs_contract = [0, 1]")
    dot("empty", "f32", [4, 0], [0, 6], [4, 6], plain)


def conv(name, image, kernel, dtype="f32", body=(), kernel_value="%b", **how):
    """Channels last.  The extents of the result follow from the rest."""
    ns = len(image) - 2
    strides, padding = how.get("strides", [1] * ns), how.get("padding", [[0, 0]] * ns)
    ld, rd, groups = how.get("lhs_dilation", [1] * ns), how.get("rhs_dilation", [1] * ns), how.get("feature_groups", 1)
    out = [image[0]] + [((image[1 + i] - 1) * ld[i] + 1 + sum(padding[i]) - ((kernel[i] - 1) * rd[i] + 1)) // strides[i] + 1
                        for i in range(ns)] + [kernel[-1]]
    axes = list(range(ns + 2))
    last = dims(axes[0], axes[-1], *axes[1:-1])
    inputs = [dtype + dims(*image)] + ([] if body else [dtype + dims(*kernel)])
    graph(name, inputs, list(body) +
          [f"%r = conv_general %a, {kernel_value} {{lhs_spec = {last}, rhs_spec = {dims(ns + 1, ns, *range(ns))}, out_spec = {last}, "
           f"strides = {strides}, padding = {padding}, lhs_dilation = {ld}, rhs_dilation = {rd}, feature_groups = {groups}}}"],
          [("%r", dtype + dims(*out))])


def convolutions():
    """More terms than a chunk has; strides, dilations, groups, odd padding; few and many channels; tiny images."""
    conv("long_channels", [1, 2, 3, 4100], [1, 1, 4100, 3])
    conv("long_window", [1, 6, 7, 170], [5, 5, 170, 3], padding=[[2, 1], [0, 2]])
    conv("long_holes", [1, 4, 4, 460], [3, 3, 460, 2], lhs_dilation=[2, 3], padding=[[1, 2], [0, 1]])
    conv("long_groups", [1, 4, 4, 930], [3, 3, 465, 4], feature_groups=2, padding=[[1, 1], [1, 1]])
    conv("long_halves", [1, 4, 4, 460], [3, 3, 460, 2], "f16", padding=[[1, 1], [1, 1]])
    for ci, co in ((1, 1), (1, 17), (2, 5), (3, 16), (3, 70), (16, 1), (17, 33), (33, 16), (64, 64), (70, 15)):
        conv(f"channels_{ci}_{co}", ["N", 5, 6, ci], [3, 3, ci, co], padding=[[1, 1], [0, 2]])
        conv(f"packed_{ci}_{co}", ["N", 5, 6, ci], [3, 3, ci, co], padding=[[1, 1], [0, 2]],
             body=made("%w", "f32", [3, 3, ci, co]), kernel_value="%w")
        conv(f"points_{ci}_{co}", [2, 3, 3, ci], [1, 1, ci, co], body=made("%w", "f32", [1, 1, ci, co]), kernel_value="%w")
    for h, w in ((1, 1), (1, 2), (2, 1), (3, 17)):
        conv(f"tiny_{h}_{w}", [2, h, w, 5], [3, 3, 5, 18], padding=[[1, 1], [2, 1]])
        conv(f"tiny_strides_{h}_{w}", ["N", h, w, 5], [2, 3, 5, 18], padding=[[1, 2], [3, 0]], strides=[2, 3])
        conv(f"tiny_holes_{h}_{w}", ["N", h, w, 3], [3, 2, 3, 9], padding=[[1, 2], [3, 2]], lhs_dilation=[3, 2])
        conv(f"tiny_wide_{h}_{w}", ["N", h, w, 3], [3, 2, 3, 9], padding=[[4, 3], [1, 3]], rhs_dilation=[3, 4], strides=[1, 2])
        conv(f"tiny_all_{h}_{w}", ["N", h, w, 4], [3, 2, 2, 6], padding=[[4, 3], [1, 5]], rhs_dilation=[2, 3], lhs_dilation=[2, 3],
             strides=[3, 2], feature_groups=2)
    for c in (1, 3, 16, 33):
        conv(f"depthwise_{c}", ["N", 6, 5, c], [3, 3, 1, c], padding=[[1, 1], [1, 1]], feature_groups=c)
        conv(f"depthwise_packed_{c}", ["N", 6, 5, c], [3, 3, 1, c], padding=[[0, 1], [1, 0]], feature_groups=c, strides=[2, 1],
             body=made("%w", "f32", [3, 3, 1, c]), kernel_value="%w")
        conv(f"groups_{c}", ["N", 6, 5, 2 * c], [3, 3, c, 6], padding=[[0, 1], [1, 0]], feature_groups=2)
    conv("cut_away", [1, 7, 8, 3], [2, 2, 3, 4], padding=[[-1, -2], [-3, 1]])
    conv("line", [2, 40, 3], [5, 3, 20], padding=[[2, 2]])
    conv("cube", [1, 4, 5, 6, 3], [2, 3, 2, 3, 17], padding=[[0, 1], [1, 1], [1, 0]])
    for d in (2, 3, 4):
        for k, low, high in ((2, 1, 1), (3, 2, 2), (3, 1, 2), (4, 3, 3), (1, 0, 0), (5, 0, 1), (2, -1, -2)):
            conv(f"phases_{d}_{k}_{name_of(low + 9, high + 9)}", ["N", 5, 6, 7], [k, 2, 7, 18], padding=[[low, high], [1, 2]], lhs_dilation=[d, 2])
    conv("phases_groups", [2, 4, 5, 6], [3, 4, 3, 20], padding=[[2, 2], [3, 2]], lhs_dilation=[2, 2], feature_groups=2)
    conv("phases_line", ["N", 30, 3], [4, 3, 20], padding=[[2, 3]], lhs_dilation=[2])
    conv("phases_cube", [1, 3, 4, 3, 3], [2, 3, 2, 3, 17], padding=[[1, 1], [2, 1], [1, 1]], lhs_dilation=[2, 1, 3])
    conv("phases_halves", [2, 5, 6, 3], [3, 3, 3, 20], "f16", padding=[[2, 2], [2, 2]], lhs_dilation=[2, 2])
    for dtype in ("f64", "bf16", "f16", "i32"):
        conv(f"type_{dtype}", [2, 5, 6, 3], [3, 3, 3, 20], dtype, padding=[[1, 1], [1, 1]])


def choices():
    """Ties, NaNs, zeros of both signs: which one is first, and which is the largest."""
    lists = {
        "ties": "[1, 3, 3, 2, 3]", "nans": "[1, nan, 5, nan, 7]", "nan_last": "[9, 1, 2, 3, nan]", "zeros": "[-0.0, 0.0, -0.0, 0.0, -1]",
        "infs": "[-inf, -inf, inf, inf, 0]", "all_nan": "[nan, nan, nan, nan, nan]", "lowest": "[-inf, -inf, -inf, -inf, -inf]",
    }
    for name, values in lists.items():
        graph(name, ["f32[5]"], ["%r = argmax %a", "%s = reduce_max %a {dims = [0]}", "%t = reduce_min %a {dims = [0]}"],
              [("%r", "i64[]"), ("%s", "f32[]"), ("%t", "f32[]")])
        print(f"graph @{name}.data() -> (f32[5]) {{\n  %r = constant {values} : f32[5]\n  return %r\n}}")
    # A row longer than a block: equal elements in different lanes and blocks.
    for n, at in ((17, (3, 16)), (300, (40, 290)), (600, (257, 511)), (5000, (4095, 4999))):
        for what in ("1.5", "nan"):
            graph(f"far_{n}_{what.replace('.', '_')}", [f"f32[2, {n}]"], ["%r = argmax %a {dtype = i32}"], [("%r", "i32[2]")])
            print(f"graph @far_{n}_{what.replace('.', '_')}.data() -> (f32[2, {n}]) {{\n"
                  f"  %i = iota {{dim = 1, dtype = i32, shape = [2, {n}]}}\n  %p = compare %i, {at[0]} {{dir = eq}}\n"
                  f"  %q = compare %i, {at[1]} {{dir = eq}}\n  %o = or %p, %q\n"
                  f"  %b = constant splat {what} : f32[2, {n}]\n  %z = constant splat -2 : f32[2, {n}]\n"
                  f"  %r = select %o, %b, %z\n  return %r\n}}")
    for dtype in ("f32", "f16", "i32", "u8"):
        graph(f"columns_{dtype}", [f"{dtype}[300, 20]"], ["%r = argmax %a {axis = 0}", "%s = argmax %a {axis = 1}"],
              [("%r", "i64[20]"), ("%s", "i64[300]")])
        graph(f"sorted_{dtype}", [f"{dtype}[4, 70]"],
              ["%i = iota {dim = 1, dtype = i32, shape = [4, 70]}",
               f"%r, %s = sort %a, %i {{dim = 1}} (%p: {dtype}[], %q: {dtype}[], %u: i32[], %v: i32[]) "
               "{ %w = compare %p, %q {dir = lt}  yield %w }"], [("%r", f"{dtype}[4, 70]"), ("%s", "i32[4, 70]")])


def in_place():
    """Memory that is used again: what is read must not have been written."""
    t = "f32[40, 9]"
    chain = ["%x0 = exp %a"] + [f"%x{i} = {op} %x{i - 1}, %b" for i, op in enumerate(["add", "mul", "max", "sub"], 1)]
    graph("dead_inputs", [t, t], chain, [("%x4", t)])
    graph("still_used", [t, t], chain + ["%y = mul %x4, %x1", "%z = transpose %x2 {permutation = [1, 0]}"], [("%y", t), ("%z", "f32[9, 40]")])
    graph("turned", ["f32[30, 30]"], ["%e = exp %a", "%t = transpose %e {permutation = [1, 0]}", "%r = add %e, %t", "%s = mul %r, %t",
                                      "%u = transpose %s {permutation = [1, 0]}", "%v = sub %u, %s"], [("%v", "f32[30, 30]")])
    graph("twice", ["f32[6, 8]", "f32[2, 3]", "i32[]"],
          ["%e = exp %a", "%u = dynamic_update_slice %e, %b, %c, 1", "%two = constant 2 : i32[]", "%v = dynamic_update_slice %e, %b, %two, %c", "%w = add %u, %v",
           "%x = sub %w, %e"], [("%x", "f32[6, 8]"), ("%u", "f32[6, 8]")])
    graph("result_is_input", ["f32[6, 8]", "f32[2, 3]", "i32[]"], ["%u = dynamic_update_slice %a, %b, %c, %c"],
          [("%u", "f32[6, 8]"), ("%a", "f32[6, 8]"), ("%u", "f32[6, 8]")])

    def loop(name, state, body, yields, inputs=None, before=(), count=7):
        """%i counts; state: (name, type, first value)."""
        args = ", ".join(["%i: i32[]"] + [f"%{n}: {ty}" for n, ty, _ in state])
        first = ", ".join(["%zero"] + [v for _, _, v in state])
        outs = ", ".join(["%k"] + [f"%{n}.out" for n, _, _ in state])
        lines = list(before) + ["%zero = constant 0 : i32[]", f"{outs} = while ({first}) cond ({args}) {{",
                                f"  %go = compare %i, {count} {{dir = lt}}  yield %go", f"}} do ({args}) {{",
                                "  %next = add %i, 1"] + ["  " + line for line in body] + [f"  yield %next, {yields}", "}"]
        graph(name, inputs or [ty for _, ty, _ in state], lines, [(f"%{n}.out", ty) for n, ty, _ in state])

    loop("grow", [("x", "f32[10, 4]", "%a")], ["%s = dynamic_slice %x, %i, 0 {sizes = [1, 4]}", "%e = exp %s", "%f = mul %e, 0.25",
                                               "%n = add %i, 2", "%y = dynamic_update_slice %x, %f, %n, 0"], "%y")
    loop("overlap", [("x", "f32[12]", "%a")], ["%s = dynamic_slice %x, %i {sizes = [5]}", "%n = add %i, 1",
                                               "%y = dynamic_update_slice %x, %s, %n"], "%y")
    loop("old_is_read", [("x", "f32[12]", "%a")], ["%s = dynamic_slice %x, %i {sizes = [5]}", "%n = constant 3 : i32[]", "%y = dynamic_update_slice %x, %s, %n",
                                                   "%z = sub %x, %y", "%w = add %z, %x"], "%w")
    loop("swap", [("x", "f32[12]", "%a"), ("y", "f32[12]", "%b")], ["%s = add %x, %y"], "%y, %s")
    loop("rotate", [("x", "f32[5]", "%a"), ("y", "f32[5]", "%b"), ("z", "f32[5]", "%c")], [], "%z, %x, %y")
    loop("same_twice", [("x", "f32[5]", "%a"), ("y", "f32[5]", "%a")], ["%s = mul %x, 0.5", "%t = add %s, %y"], "%s, %t", ["f32[5]"])
    loop("kept", [("x", "f32[5]", "%a"), ("y", "f32[5]", "%a")], ["%t = add %y, %b"], "%x, %t", ["f32[5]", "f32[5]"])
    loop("product", [("x", "f32[9, 9]", "%a")], ["%p = dot_general %x, %b {lhs_contract = [1], rhs_contract = [0]}", "%q = tanh %p"], "%q",
         ["f32[9, 9]", "f32[9, 9]"])
    loop("turning", [("x", "f32[9, 9]", "%a")], ["%p = transpose %x {permutation = [1, 0]}", "%q = add %p, %b"], "%q",
         ["f32[9, 9]", "f32[9, 9]"])
    loop("batch", [("x", "f32[N, 6]", "%a"), ("s", "f32[N]", "%b")],
         ["%p = reduce_sum %x {dims = [1]}", "%q = add %p, %s", "%e = mul %x, 0.5", "%f = tanh %e"], "%f, %q")
    loop("never", [("x", "f32[5]", "%a")], ["%t = add %x, 1"], "%t", count=0)
    loop("counted", [("x", "f32[20]", "%a"), ("n", "i32[20]", "%b")],
         ["%t = mul %x, 0.5", "%c = compare %t, 0.1 {dir = gt}", "%d = convert %c {dtype = i32}", "%e = add %n, %d"], "%t, %e")
    loop("scattered", [("x", "f32[8, 3]", "%a")],
         ["%y = scatter %x, %b, %x {update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], "
          "index_vector_dim = 1} (%p: f32[], %q: f32[]) { %r = sub %p, %q  yield %r }"], "%y", ["f32[8, 3]", "i32[8, 1]"])


def split():
    """Work for several threads, of every class."""
    t = "f32[500, 300]"
    graph("chain", [t, "f32[300]"], ["%x = exp %a", "%y = mul %x, %b", "%z = erf %y"], [("%z", t)])
    graph("chain_batch", ["f32[K300, 300]", "f32[300]"], ["%x = exp %a", "%y = mul %x, %b", "%z = erf %y"], [("%z", "f32[K300, 300]")])
    graph("moved", [t], ["%x = transpose %a {permutation = [1, 0]}", "%y = pad %x, 2 {low = [3, -1], high = [0, 5], interior = [0, 1]}"],
          [("%x", "f32[300, 500]"), ("%y", "f32[303, 1003]")])
    graph("joined", [t, t], ["%x = concatenate %a, %b {dim = 1}", "%y = slice %x {start = [7, 100], limit = [490, 500], strides = [3, 2]}"],
          [("%x", "f32[500, 600]"), ("%y", "f32[161, 200]")])
    graph("rows", [t], ["%x = reduce_sum %a {dims = [1]}", "%y = reduce_max %a {dims = [1]}"], [("%x", "f32[500]"), ("%y", "f32[500]")])
    graph("columns", [t], ["%x = reduce_sum %a {dims = [0]}"], [("%x", "f32[300]")])
    graph("whole", ["f32[150000]"], ["%x = reduce_sum %a {dims = [0]}"], [("%x", "f32[]")])
    graph("whole_batch", ["f32[K9000, 17]"], ["%x = reduce_sum %a {dims = [0, 1]}"], [("%x", "f32[]")])
    graph("soft", [t], ["%x = softmax %a"], [("%x", t)])
    graph("soft_columns", [t], ["%x = softmax %a {axis = 0}"], [("%x", t)])
    graph("norm", [t, "f32[300]", "f32[300]"], ["%x = layer_norm %a, %b, %c", "%y = gelu %x"], [("%y", t)])
    graph("argmaxes", [t], ["%x = argmax %a", "%y = argmax %a {axis = 0}"], [("%x", "i64[500]"), ("%y", "i64[300]")])
    graph("windows", ["f32[3, 60, 70, 9]"], ["%x = max_pool2d %a {window = [3, 2], strides = [2, 1], padding = same}"],
          [("%x", "f32[3, 30, 70, 9]")])
    graph("sums_of_windows", ["f32[400, 300]"],
          ["%x = reduce_window %a, 0 {window = [1, 9], padding = [[0, 0], [8, 0]]} (%p: f32[], %q: f32[]) { %r = add %p, %q  yield %r }"],
          [("%x", "f32[400, 300]")])
    graph("matrix", ["f32[150, 90]", "f32[90, 170]"], ["%x = matmul %a, %b", "%y = tanh %x"], [("%y", "f32[150, 170]")])
    graph("matrix_long", ["f32[40, 9000]", "f32[9000, 30]"], ["%x = matmul %a, %b"], [("%x", "f32[40, 30]")])
    graph("matrix_vector", ["f32[600, 4100]", "f32[4100]"], ["%x = matmul %a, %b"], [("%x", "f32[600]")])
    graph("matrix_batch", ["f32[20, 30, 40]", "f32[20, 40, 70]"], ["%x = matmul %a, %b"], [("%x", "f32[20, 30, 70]")])
    dot("matrix_packed", "f32", ["K300", 64], [64, 100], ["K300", 100], "lhs_contract = [1], rhs_contract = [0]",
        made("%w", "f32", [64, 100]), b="%w", inputs=["f32[K300, 64]"])
    conv("images", [3, 20, 18, 16], [3, 3, 16, 40], padding=[[1, 1], [1, 1]])
    conv("images_packed", ["N", 20, 18, 16], [3, 3, 16, 40], padding=[[1, 1], [1, 1]], body=made("%w", "f32", [3, 3, 16, 40]),
         kernel_value="%w")
    conv("images_apart", [3, 40, 30, 32], [3, 3, 1, 32], padding=[[1, 1], [1, 1]], feature_groups=32)
    graph("sorted", ["f32[90, 200]"], ["%x = sort %a {dim = 1} (%p: f32[], %q: f32[]) { %r = compare %p, %q {dir = lt}  yield %r }"],
          [("%x", "f32[90, 200]")])
    graph("sorted_columns", ["f32[200, 90]"], ["%x = sort %a {dim = 0} (%p: f32[], %q: f32[]) { %r = compare %p, %q {dir = gt}  yield %r }"],
          [("%x", "f32[200, 90]")])
    graph("gathered", ["f32[100, 300]", "i32[400, 1]"],
          ["%x = gather %a, %b {offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1, "
           "slice_sizes = [1, 300]}"], [("%x", "f32[400, 300]")])
    for name, body in (("added", "%r = add %p, %q  yield %r"), ("written", "yield %q")):
        graph(f"scattered_{name}", ["f32[100, 300]", "i32[400, 1]", "f32[400, 300]"],
              ["%x = scatter %a, %b, %c {update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], "
               f"index_vector_dim = 1}} (%p: f32[], %q: f32[]) {{ {body} }}"], [("%x", "f32[100, 300]")])
    graph("counted", ["f32[400, 300]", "i32[]"],
          ["%x = iota {dim = 1, dtype = f32, shape = [400, 300]}", "%y = mul %x, %a", "%z = dynamic_slice %y, %b, %b {sizes = [300, 200]}",
           "%n = constant 50 : i32[]", "%u = dynamic_update_slice %y, %z, %n, %b", "%v = convert %u {dtype = i16}"], [("%v", "i16[400, 300]")])
    graph("looped", [t],
          ["%zero = constant 0 : i32[]",
           f"%k, %r = while (%zero, %a) cond (%i: i32[], %x: {t}) {{ %go = compare %i, 4 {{dir = lt}}  yield %go }} "
           f"do (%i: i32[], %x: {t}) {{ %n = add %i, 1  %s = softmax %x  %y = add %s, %x  yield %n, %y }}"], [("%r", t)])
    for dtype in ("f16", "bf16", "f64", "i8", "u16", "i64"):
        d = f"{dtype}[300, 400]"
        graph(f"of_{dtype}", [d, f"{dtype}[400]"], ["%x = mul %a, %b", "%y = reduce_sum %x {dims = [1]}", "%z = reduce_max %x {dims = [0]}"],
              [("%x", d), ("%y", f"{dtype}[300]"), ("%z", f"{dtype}[400]")])


def turns():
    """Reads across memory: tiles, strips of 64 and what is left over of both; fused, in every width, along a symbol."""
    def turn(name, dtype, shape, perm, more=(), result=None, inputs=(), value="%x"):
        out = [shape[p] for p in perm]
        graph(name, [dtype + dims(*shape), *inputs], [f"%x = transpose %a {{permutation = {dims(*perm)}}}", *more],
              [(value, (result or dtype) + dims(*out))])

    for m, n in ((8, 8), (16, 64), (37, 29), (65, 130), (200, 9), (9, 200), (128, 64), (3, 100), (100, 3)):
        turn(f"plain_{m}_{n}", "f32", [m, n], [1, 0])
    for t in ("f64", "f16", "i8", "bool", "u16", "i64"):
        turn(f"of_{t}", t, [45, 83], [1, 0])
    for perm in ([2, 1, 0], [1, 2, 0], [0, 2, 1], [2, 0, 1]):
        turn("three_" + name_of(*perm), "f32", [20, 11, 70], perm)
    turn("four", "f32", [3, 12, 5, 66], [2, 3, 0, 1])
    turn("known", "f32", ["N", 70], [1, 0])
    turn("unknown", "f32", ["N", "M"], [1, 0])
    turn("images", "f32", ["N", 9, 33, 16], [0, 3, 1, 2])
    turn("twice", "f32", [40, 90], [1, 0], ["%y = exp %x", "%z = sub %y, %b", "%w = mul %z, %x"], inputs=["f32[90, 40]"], value="%w")
    turn("both", "f32", [40, 90], [1, 0], ["%y = transpose %b {permutation = [1, 0]}", "%z = sub %x, %y"], inputs=["f32[40, 90]"], value="%z")
    turn("other", "f32", [40, 40], [1, 0], ["%z = sub %x, %a"], value="%z")
    turn("narrowed", "f64", [50, 70], [1, 0], ["%z = convert %x {dtype = i16}"], result="i16", value="%z")
    turn("large", "f32", [300, 500], [1, 0])


def samples():
    """Every sample for itself: N counts them."""
    graph("mlp", ["f32[N, 40]", "f32[40, 33]", "f32[33]", "f32[33, 10]"],
          ["%h = dense %a, %b, %c", "%g = gelu %h", "%l = dense %g, %d", "%p = softmax %l", "%k = argmax %l"], [("%p", "f32[N, 10]"), ("%k", "i64[N]")])
    graph("rows", ["f32[N, 300]"],
          ["%s = reduce_sum %a {dims = [1]}", "%m = mean %a {dims = [1], keepdims = true}", "%d = sub %a, %m", "%x = reduce_max %d {dims = [1]}",
           "%y = softmax %a"], [("%s", "f32[N]"), ("%x", "f32[N]"), ("%y", "f32[N, 300]")])
    graph("norm", ["f32[N, 7, 16]", "f32[16]", "f32[16]"], ["%x = layer_norm %a, %b, %c", "%y = exp %x", "%z = reduce_sum %y {dims = [1]}"],
          [("%y", "f32[N, 7, 16]"), ("%z", "f32[N, 16]")])
    graph("images", ["f32[N, 9, 7, 3]", "f32[3, 3, 3, 20]", "f32[20]"],
          ["%x = conv2d %a, %b, %c {padding = same}", "%y = relu %x", "%z = max_pool2d %y {window = [2, 2]}", "%m = mean %z {dims = [1, 2]}"],
          [("%z", "f32[N, 4, 3, 20]"), ("%m", "f32[N, 20]")])
    graph("vectors", ["f32[N, 4100]", "f32[4100]"], ["%x = matmul %a, %b"], [("%x", "f32[N]")])
    graph("outer", ["f32[N, 5, 12]", "f32[N, 12, 5]"], ["%x = matmul %a, %b", "%y = tanh %x"], [("%y", "f32[N, 5, 5]")])
    graph("chain_long", ["f32[N, 5000]", "f32[5000, 3]"], ["%x = matmul %a, %b"], [("%x", "f32[N, 3]")])
    graph("sorted", ["f32[N, 50]"], ["%x = sort %a {dim = 1} (%p: f32[], %q: f32[]) { %r = compare %p, %q {dir = lt}  yield %r }",
                                     "%y = slice %x {start = [0, 10], limit = [N, 40]}", "%z = pad %y, 1.5 {low = [0, 2], high = [0, 1]}"],
          [("%z", "f32[N, 33]")])
    graph("looked_up", ["i32[N, 6]", "f32[30, 8]"],
          ["%x = gather %b, %a {offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 2, "
           "slice_sizes = [1, 8]}", "%y = reduce_sum %x {dims = [1]}"], [("%y", "f32[N, 8]")])
    graph("halves", ["f16[N, 40]", "f16[40, 20]"], ["%x = matmul %a, %b", "%y = softmax %x", "%z = exp %a"], [("%y", "f16[N, 20]"), ("%z", "f16[N, 40]")])
    graph("turned", ["f32[N, 6, 5]"], ["%x = transpose %a {permutation = [0, 2, 1]}", "%y = reshape %x {shape = [N, 30]}",
                                       "%z = concatenate %y, %y {dim = 1}", "%u = reduce_sum %z {dims = [1]}"], [("%z", "f32[N, 60]"), ("%u", "f32[N]")])
    graph("loop", ["f32[N, 6]"],
          ["%zero = constant 0 : i32[]",
           "%k, %r = while (%zero, %a) cond (%i: i32[], %x: f32[N, 6]) { %go = compare %i, 3 {dir = lt}  yield %go } "
           "do (%i: i32[], %x: f32[N, 6]) { %n = add %i, 1  %s = softmax %x  %y = add %s, %x  yield %n, %y }"], [("%r", "f32[N, 6]")])


def sizes():
    """Sizes that are data, and what is computed over them: other numbers of rows, blocks and tasks than the storage has."""
    front = ["%p = compare %a, 0 {dir = gt}", "%i, %k = nonzero %p {size = Z}", "%j = reshape %i {shape = [Z]}"]
    for n in (0, 1, 17, 300, 5000, "K257", "K4097"):
        t = f"f32[{n}]"
        graph(f"of_{n}", [t], front + ["%x = iota {dim = 0, dtype = f32, shape = [Z]}", "%y = exp %x", "%s = reduce_sum %y {dims = [0]}"],
              [("%i", f"i64[Z<={n}, 1]"), ("%k", "i64[]"), ("%y", f"f32[Z<={n}]"), ("%s", "f32[]")])
        graph(f"unique_{n}", [t], ["%r = round_nearest_even %a", "%v, %f, %b, %c, %k = unique %r {size = U}", "%s = mean %v {dims = [0]}"],
              [("%v", f"f32[U<={n}]"), ("%f", f"i64[U<={n}]"), ("%b", f"i64[{n}]"), ("%c", f"i64[U<={n}]"), ("%k", "i64[]"), ("%s", "f32[]")])
    for n in (1, 16, 300, 5000, "K257", "K4097"):
        t = f"f32[{n}]"
        graph(f"taken_{n}", [t], front + ["%x = take %a, %j", "%y = mul %x, %x", "%s = reduce_sum %y {dims = [0]}", "%m = softmax %x"],
              [("%y", f"f32[Z<={n}]"), ("%k", "i64[]"), ("%s", "f32[]"), ("%m", f"f32[Z<={n}]")])
        graph(f"rows_{n}", [t, f"f32[{n}, 40]", "f32[40, 33]"],
              front + ["%x = take %b, %j", "%y = matmul %x, %c", "%r = relu %y", "%u = reduce_sum %r {dims = [0]}",
                       "%t = transpose %r {permutation = [1, 0]}", "%g = matmul %t, %x"],
              [("%r", f"f32[Z<={n}, 33]"), ("%k", "i64[]"), ("%u", "f32[33]"), ("%g", "f32[33, 40]")])
        graph(f"joined_{n}", [t, "f32[3]"], front + ["%x = take %a, %j", "%e = exp %b", "%y = concatenate %e, %x, %e {dim = 0}",
                                                     "%z = slice %y {start = [2], limit = [Z + 4]}", "%w = reverse %z {dims = [0]}"],
              [("%y", f"f32[(Z<={n})+6]"), ("%k", "i64[]"), ("%w", f"f32[(Z<={n})+2]")])
    graph("at_most_9", ["f32[N]"], ["%p = compare %a, 0 {dir = gt}", "%i, %k = nonzero %p {size = Z<=9}"], [("%i", "i64[Z<=9, 1]"), ("%k", "i64[]")])
    graph("three", ["f32[N]", "f32[3]"], front + ["%x = take %a, %j", "%y = add %x, %b"], [("%y", "f32[3]")])
    graph("both", ["f32[N, M]", "f32[M, N]"],
          ["%p = compare %a, 0 {dir = gt}", "%i, %k = nonzero %p {size = Z}", "%q = compare %b, 0 {dir = le}", "%j, %l = nonzero %q {size = Y}",
           "%x = gather_nd %a, %i", "%y = gather_nd %b, %j", "%o = iota {dim = 1, dtype = f32, shape = [Z, Y]}",
           "%c = broadcast_in_dim %x {shape = [Z, Y], dims = [0]}", "%d = broadcast_in_dim %y {shape = [Z, Y], dims = [1]}",
           "%e = mul %c, %d", "%f = sub %e, %o", "%s = reduce_sum %f {dims = [1]}"],
          [("%s", "f32[Z<=N*M]"), ("%k", "i64[]"), ("%f", "f32[Z<=N*M, Y<=N*M]"), ("%l", "i64[]")])
    graph("looped", ["f32[N]"],
          ["%zero = constant 0 : i64[]",
           "%r, %n, %t = while (%a, %zero, %zero) cond (%x: f32[N], %m: i64[], %u: i64[]) { %go = compare %m, 4 {dir = lt}  yield %go } "
           "do (%x: f32[N], %m: i64[], %u: i64[]) { %p = compare %x, 0.25 {dir = gt}  %i, %k = nonzero %p {size = Z}  "
           "%g = gather_nd %x, %i  %h = mul %g, 0.5  %y = scatter_nd %x, %i, %h  %s = reduce_sum %h {dims = [0]}  "
           "%big = compare %s, 1 {dir = gt}  %w = cond %big then { %v, %f, %b, %c, %l = unique %h {size = U}  "
           "%z = reduce_sum %f {dims = [0]}  yield %z } else { %z = add %k, %l0  yield %z }  "
           "%m1 = add %m, 1  %u1 = add %u, %w  yield %y, %m1, %u1 }".replace("%z = add %k, %l0", "%z = add %k, 7")],
          [("%r", "f32[N]"), ("%t", "i64[]")])


TOPICS = [reductions, long_reductions, contractions, convolutions, choices, in_place, split, turns, samples, sizes]

if __name__ == "__main__":
    {f.__name__: f for f in TOPICS}[sys.argv[1]]()
