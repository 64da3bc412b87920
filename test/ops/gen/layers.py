"""Cases of attention, rotary embeddings and recurrent layers, in double precision.

f16 and bf16 compute in f32 from end to end and round once, f32 in itself: sums of a few dozen terms of size 1."""
import numpy as np

from composites import narrow, small, wide
from emit import FLOATS, File, T


def looks_at(query, key, steps, filled, causal, left, right, past):
    """May this query look at this key?  By where both stand."""
    place = past + query if filled is None else filled - steps + query
    return ((filled is None or key < filled) and (not causal or key <= place) and (left < 0 or place - key <= left)
            and (right < 0 or key - place <= right))


def attend(q, k, v, mask=None, scale=None, causal=False, softcap=0, left=-1, right=-1, past=0, filled=None, scores="weights"):
    """One key at a time, heads sharing keys by repetition; the result and the scores of a stage."""
    group = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    stage = {"products": np.einsum("nhtd,nhsd->nhts", q, k) * (scale or 1 / np.sqrt(max(q.shape[3], 1)))}
    s = stage["capped"] = np.tanh(stage["products"] / softcap) * softcap if softcap else stage["products"]
    if mask is not None:
        s = np.where(mask, s, -np.inf) if mask.dtype == bool else s + mask
    n, _, steps, keys = s.shape
    seen = [[[looks_at(i, j, steps, None if filled is None else filled[b], causal, left, right, past) for j in range(keys)]
             for i in range(steps)] for b in range(n)]
    s = stage["masked"] = np.where(np.array(seen, bool).reshape(n, 1, steps, keys), s, -np.inf)
    top = s.max(axis=-1, keepdims=True, initial=-np.inf)
    e = np.exp(s - np.where(np.isinf(top), 0, top))
    total = e.sum(axis=-1, keepdims=True)
    w = stage["weights"] = e / np.where(total == 0, 1, total)
    return np.einsum("nhts,nhse->nhte", w, v), stage[scores]


# batch, heads, heads of the key, queries, keys, depth, depth of the value; mask; filled; attributes, as text and for attend
WIDER = [((2, 4, 2, 3, 7, 4, 3), None, None, "is_causal = true, past = [4]", dict(causal=True, past=4)),
         ((1, 2, 1, 5, 9, 3, 4), None, None, "left_window = 2, right_window = 1, past = [2]", dict(left=2, right=1, past=2)),
         ((2, 2, 1, 6, 6, 2, 3), "bool", None, "is_causal = true, left_window = 0", dict(causal=True, left=0)),
         ((3, 2, 2, 1, 8, 4, 4), None, [8, 1, 3], "is_causal = true", dict(causal=True)),
         ((4, 2, 1, 3, 6, 3, 2), "add", [6, 2, 0, 4], "", {}),
         ((3, 1, 1, 4, 5, 3, 2), None, [5, 2, 4], "is_causal = true, left_window = 1", dict(causal=True, left=1)),
         ((2, 3, 1, 2, 7, 5, 2), "bool", [7, 3], "left_window = 3, right_window = 2", dict(left=3, right=2)),
         ((2, 2, 2, 3, 4, 3, 3), None, None, "softcap = 1.5, scale = -2.0, scores = \"capped\"", dict(softcap=1.5, scale=-2.0, scores="capped")),
         ((1, 4, 2, 3, 5, 4, 2), "add", None, "scores = \"products\", softcap = 0.25", dict(softcap=0.25, scores="products")),
         ((2, 2, 1, 3, 5, 2, 3), "add", [4, 2], "scores = \"masked\", is_causal = true", dict(scores="masked", causal=True)),
         ((2, 3, 3, 4, 4, 2, 1), "bool", None, "scores = \"weights\", is_causal = true", dict(scores="weights", causal=True)),
         ((2, 2, 1, 5, 3, 6, 2), "add", None, "precise = true, softcap = 3.0, scores = \"weights\"", dict(softcap=3.0)),
         ((1, 1, 1, 3, 4, 2, 2), None, None, "right_window = 0, left_window = 9223372036854775807", dict(right=0)),
         ((1, 2, 2, 4, 3, 2, 2), None, [2], "right_window = 9223372036854775807", {})]


def widers(f, t):
    for i, ((n, heads, shared, steps, keys, depth, value), mask, filled, text, how) in enumerate(WIDER):
        ins = {"q": small(t, (n, heads, steps, depth), 250 + i), "k": small(t, (n, shared, keys, depth), 270 + i),
               "v": small(t, (n, shared, keys, value), 290 + i)}
        types = {"q": ["N", heads, "T", depth], "k": ["N", shared, "S", depth], "v": ["N", shared, "S", value]}
        if mask == "bool":
            ins["m"] = T(small(t, (steps, keys), 231).x > 0)
        elif mask == "add":
            ins["m"] = small(t, (n, 1, steps, keys), 232)
            ins["m"].x[0, 0, 1] = -np.inf
        if filled:
            ins["f"] = T(np.array(filled), ("i32", "i64")[i % 2])
            types["f"] = ["N"]
        y, s = attend(*(wide(ins[k]) for k in "qkv"), mask=mask and (ins["m"].x if mask == "bool" else wide(ins["m"])), filled=filled, **how)
        outs, open_outs = {"y": narrow(y, t)}, {"y": ["N", heads, "T", value]}
        if "scores" in text:
            outs["s"], open_outs["s"] = narrow(s, t), ["N", heads, "T", "S"]
        body = "%s = attention %s%s" % (", ".join("%" + k for k in outs), ", ".join("%" + k for k in ins), " {%s}" % text if text else "")
        eps = 1 if "precise" in text and t != "f64" else slack(t)
        f.case("attention_wider_%s_%d" % (t, i), ins, outs, body, eps=eps)
        if not mask:
            past = "past = [S - T%s]" % (" - 2" if i == 1 else "")
            body = body.replace("past = [4]", past).replace("past = [2]", past)
            f.case("attention_wider_symbols_%s_%d" % (t, i), ins, outs, body, types, open_outs, eps=eps)


# batch, heads, heads of the key, queries, keys, depth, depth of the value, mask, attributes
FORMS = [(2, 3, 3, 5, 5, 4, 4, None, ""), (2, 4, 2, 3, 7, 5, 6, None, "scale = 0.5"), (1, 2, 1, 6, 6, 3, 2, "bool", "is_causal = true"),
         (2, 6, 2, 5, 4, 8, 3, "add", ""), (1, 1, 1, 1, 9, 2, 1, None, "is_causal = true"), (3, 2, 2, 4, 3, 1, 5, "row", "scale = 2.0")]


def slack(t):
    return 1 if t in ("f16", "bf16") else 16


def attentions():
    f = File("attention.")
    for t in FLOATS:
        for i, (n, heads, shared, length, keys, depth, value, mask, attrs) in enumerate(FORMS):
            ins = {"q": small(t, (n, heads, length, depth), 200 + i), "k": small(t, (n, shared, keys, depth), 210 + i),
                   "v": small(t, (n, shared, keys, value), 220 + i)}
            types = {"q": ["N", heads, "T", depth], "k": ["N", shared, "S", depth], "v": ["N", shared, "S", value]}
            if mask == "bool":
                ins["m"] = T(small(t, (length, keys), 230).x > 0)
                ins["m"].x[2] = False
            elif mask == "add":
                m = small(t, (n, 1, length, keys), 231)
                m.x[0, 0, 1], m.x[1, 0, 0, :-1] = -np.inf, -np.inf
                ins["m"] = m
            elif mask == "row":
                ins["m"] = T(np.arange(n * keys).reshape(n, 1, 1, keys) % 4 != 1)
            y, _ = attend(*(wide(ins[k]) for k in "qkv"), mask=ins["m"].x if mask in ("bool", "row") else mask and wide(ins["m"]),
                       scale=float(attrs.split()[-1]) if "scale" in attrs else None, causal="causal" in attrs)
            body = "%%y = attention %s%s" % (", ".join("%" + k for k in ins), " {%s}" % attrs if attrs else "")
            f.case("attention_%s_%d" % (t, i), ins, {"y": narrow(y, t)}, body, eps=slack(t))
            if not mask:
                f.case("attention_symbols_%s_%d" % (t, i), ins, {"y": narrow(y, t)}, body, types, {"y": ["N", heads, "T", value]}, eps=slack(t))
        widers(f, t)
    # Scores that no exponential survives, keys that nobody looks at, a sum of NaN.
    far = {"q": T(np.array([[[[300.0], [-300.0]]]]), "f32"), "k": T(np.array([[[[200.0], [100.0], [200.0]]]]), "f32"),
           "v": T(np.array([[[[1.0], [2.0], [4.0]]]]), "f32")}
    f.case("attention_far", far, {"y": T(np.array([[[[2.5], [2.0]]]]), "f32")}, "%y = attention %q, %k, %v", eps=1)
    far["m"] = T(np.array([[True, False, False], [False, False, False]]))
    f.case("attention_hidden", far, {"y": T(np.array([[[[1.0], [0.0]]]]), "f32")}, "%y = attention %q, %k, %v, %m", eps=1)
    far["q"] = T(np.array([[[[np.nan], [1.0]]]]), "f32")
    del far["m"]
    f.case("attention_nan", far, {"y": narrow(attend(*(wide(far[k]) for k in "qkv"))[0], "f32")}, "%y = attention %q, %k, %v", eps=4)
    none = {"q": small("f32", (1, 2, 3, 4), 241), "k": small("f32", (1, 2, 0, 4), 242), "v": small("f32", (1, 2, 0, 5), 243)}
    f.case("attention_no_keys", none, {"y": T(np.zeros((1, 2, 3, 5)), "f32")}, "%y = attention %q, %k, %v",
           {"k": [1, 2, "S", 4], "v": [1, 2, "S", 5]})
    return f


def rotate(x, cos, sin, interleaved):
    """x [N, H, T, D] by cos and sin [N, T, half], one pair at a time."""
    y, half = np.array(x), cos.shape[-1]
    for i in range(half):
        a, b = (2 * i, 2 * i + 1) if interleaved else (i, i + half)
        c, s = cos[:, None, :, i], sin[:, None, :, i]
        y[..., a], y[..., b] = x[..., a] * c - x[..., b] * s, x[..., a] * s + x[..., b] * c
    return y


# batch, heads, steps, depth; pairs; shape of the tables; positions; interleaved
TURNS = [((2, 3, 4, 6), 3, (2, 4, 3), None, False), ((2, 3, 4, 6), 3, (4, 3), None, True), ((3, 2, 5, 7), 2, (9, 2), (3, 5), False),
         ((3, 2, 5, 7), 2, (9, 2), (5,), True), ((2, 1, 3, 4), 2, (8, 2), (1, 3), False), ((2, 1, 3, 4), 1, (1, 3, 1), None, True),
         ((2, 2, 3, 5), 0, (3, 0), None, False), ((2, 2, 3, 4), 2, (5, 2), (2, 1), False), ((1, 2, 0, 4), 2, (5, 2), (1, 0), False)]


def rotaries():
    f = File("rotary_embedding.")
    for t in FLOATS:
        for i, (shape, half, table, positions, interleaved) in enumerate(TURNS):
            n, heads, steps, depth = shape
            ins = {"x": small(t, shape, 400 + i), "c": small(t, table, 420 + i, unit=8), "s": small(t, table, 440 + i, unit=8)}
            cos, sin = wide(ins["c"]), wide(ins["s"])
            if positions:
                it = ("i64", "i32", "u8", "i8")[i % 4]
                ins["p"] = small(it, positions, 460 + i, low=0, high=table[0])
                if it == "i64":
                    ins["p"].x.flat[:1] -= table[0]       # from the end
                cos, sin = cos[ins["p"].x], sin[ins["p"].x]
            each = (n, steps, half)
            with np.errstate(all="ignore"):
                y = rotate(wide(ins["x"]), np.broadcast_to(cos, each), np.broadcast_to(sin, each), interleaved)
            body = "%%y = rotary_embedding %s%s" % (", ".join("%" + k for k in ins), " {interleaved = true}" if interleaved else "")
            outs = {"y": narrow(y, t)}
            f.case("rotary_%s_%d" % (t, i), ins, outs, body, eps=slack(t))
            types = {"x": ["N", heads, "T", "D"], "c": ["M" if positions else "T", half], "s": ["M" if positions else "T", half],
                     "p": ["N" if positions and positions[0] == n else 1, "T"][-len(positions or (0,)):]}
            if len(table) == 3:
                types["c"] = types["s"] = ["N" if table[0] == n else 1, "T", half]
            if positions != (2, 1):
                f.case("rotary_symbols_%s_%d" % (t, i), ins, outs, body, types, {"y": types["x"]}, eps=slack(t))
    odd = {"x": T(np.array([[[[1.0, 2.0, np.nan, -np.inf], [np.inf, 0.0, 4.0, -3.0]]]]), "f32"),
           "c": T(np.array([[0.5], [0.25]]), "f32"), "s": T(np.array([[-2.0], [np.inf]]), "f32")}
    with np.errstate(all="ignore"):
        for name, interleaved in (("halves", False), ("pairs", True)):
            y = rotate(odd["x"].x, odd["c"].x[None], odd["s"].x[None], interleaved)
            f.case("rotary_odd_" + name, odd, {"y": T(y, "f32")}, "%%y = rotary_embedding %%x, %%c, %%s {interleaved = %s}" % str(interleaved).lower())
    return f


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {"tanh": np.tanh, "sigmoid": sigmoid, "relu": lambda x: np.maximum(x, 0), "linear": lambda x: x}


def steps(x, backwards):
    return range(x.shape[1])[::-1] if backwards else range(x.shape[1])


def lstm(x, k, r, b, h, c, act, gate, backwards):
    u, seq = h.shape[1], []
    for t in steps(x, backwards):
        z = x[:, t] @ k + h @ r + b
        i, f, o = (gate(z[:, j * u:(j + 1) * u]) for j in (0, 1, 3))
        c = f * c + i * act(z[:, 2 * u:3 * u])
        h = o * act(c)
        seq.append(h)
    return stacked(seq, h), h, c


def gru(x, k, r, b, h, act, gate, backwards, after):
    u, seq = h.shape[1], []
    for t in steps(x, backwards):
        m = x[:, t] @ k + (b[0] if after else b)
        n = h @ r + (b[1] if after else 0)
        z, s = gate(m[:, :u] + n[:, :u]), gate(m[:, u:2 * u] + n[:, u:2 * u])
        new = act(m[:, 2 * u:] + (s * n[:, 2 * u:] if after else (s * h) @ r[:, 2 * u:]))
        h = z * h + (1 - z) * new
        seq.append(h)
    return stacked(seq, h), h


def simple_rnn(x, k, r, b, h, act, backwards):
    seq = []
    for t in steps(x, backwards):
        h = act(x[:, t] @ k + b + h @ r)
        seq.append(h)
    return stacked(seq, h), h


def stacked(seq, h):
    return np.stack(seq, axis=1) if seq else np.zeros((h.shape[0], 0, h.shape[1]))


def recurrent():
    f = File("lstm, gru and simple_rnn.")
    for t in FLOATS:
        for i, (n, length, c, u, start, backwards, act, gate, after) in enumerate([
                (2, 5, 3, 4, False, False, "tanh", "sigmoid", True), (3, 4, 2, 5, True, True, "tanh", "sigmoid", False),
                (1, 3, 4, 1, True, False, "relu", "linear", True), (2, 0, 3, 2, True, False, "tanh", "sigmoid", True),
                (2, 1, 1, 3, False, True, "linear", "sigmoid", False), (1, 40, 2, 17, True, False, "tanh", "sigmoid", False)]):
            def part(shape, seed):
                return small(t, shape, seed, unit=8 if length < 40 else 16)
            x, h, cell = small(t, (n, length, c), 300 + i), small(t, (n, u), 301 + i), small(t, (n, u), 302 + i)
            zero = T(np.zeros((n, u)), t)
            fns = ACTIVATIONS[act], ACTIVATIONS[gate]
            attrs = 'activation = "%s", go_backwards = %s' % (act, str(backwards).lower())
            gates = attrs + ', recurrent_activation = "%s"' % gate

            def case(name, width, bias, states, run, attrs):
                ins = {"x": x, "k": part((c, width * u), 310 + i), "r": part((u, width * u), 320 + i), "b": part(bias, 330 + i)}
                given = [h, cell][:states] if start else [zero] * states
                outs = run(*(wide(v) for v in ins.values()), *(wide(v) for v in given))
                names = ["y", "h1", "c1"][:1 + states]
                if start:
                    ins.update(zip(["h", "c"], given))
                f.case("%s_%s_%d" % (name, t, i), ins, {k: narrow(v, t) for k, v in zip(names, outs)},
                       "%s = %s %s {%s}" % (", ".join("%" + k for k in names), name, ", ".join("%" + k for k in ins), attrs),
                       {"x": ["N", "T" if length else 0, c], "h": ["N", u], "c": ["N", u]},
                       {"y": ["N", "T" if length else 0, u], "h1": ["N", u], "c1": ["N", u]}, eps=slack(t))
            case("lstm", 4, (4 * u,), 2, lambda *v: lstm(*v, *fns, backwards), gates)
            case("gru", 3, (2, 3 * u) if after else (3 * u,), 1, lambda *v: gru(*v, *fns, backwards, after),
                 gates + ", reset_after = %s" % str(after).lower())
            case("simple_rnn", 1, (u,), 1, lambda *v: simple_rnn(*v, fns[0], backwards), attrs)
    return f


FILES = {"attention": attentions, "rotary": rotaries, "recurrent": recurrent}
