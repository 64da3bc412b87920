"""Cases of attention and of recurrent layers, in double precision.

f16 and bf16 compute in f32 from end to end and round once, f32 in itself: sums of a few dozen terms of size 1."""
import numpy as np

from composites import narrow, small, wide
from emit import FLOATS, File, T


def attend(q, k, v, mask=None, scale=None, causal=False):
    """One key at a time, heads sharing keys by repetition."""
    group = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    s = np.einsum("nhtd,nhsd->nhts", q, k) * (scale or 1 / np.sqrt(max(q.shape[3], 1)))
    if mask is not None:
        s = np.where(mask, s, -np.inf) if mask.dtype == bool else s + mask
    if causal:
        s = np.where(np.tril(np.ones(s.shape[2:], bool)), s, -np.inf)
    top = s.max(axis=-1, keepdims=True, initial=-np.inf)
    e = np.exp(s - np.where(np.isinf(top), 0, top))
    total = e.sum(axis=-1, keepdims=True)
    return np.einsum("nhts,nhse->nhte", e / np.where(total == 0, 1, total), v)


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
            y = attend(*(wide(ins[k]) for k in "qkv"), mask=ins["m"].x if mask in ("bool", "row") else mask and wide(ins["m"]),
                       scale=float(attrs.split()[-1]) if "scale" in attrs else None, causal="causal" in attrs)
            body = "%%y = attention %s%s" % (", ".join("%" + k for k in ins), " {%s}" % attrs if attrs else "")
            f.case("attention_%s_%d" % (t, i), ins, {"y": narrow(y, t)}, body, eps=slack(t))
            if not mask:
                f.case("attention_symbols_%s_%d" % (t, i), ins, {"y": narrow(y, t)}, body, types, {"y": ["N", heads, "T", value]}, eps=slack(t))
    # Scores that no exponential survives, keys that nobody looks at, a sum of NaN.
    far = {"q": T(np.array([[[[300.0], [-300.0]]]]), "f32"), "k": T(np.array([[[[200.0], [100.0], [200.0]]]]), "f32"),
           "v": T(np.array([[[[1.0], [2.0], [4.0]]]]), "f32")}
    f.case("attention_far", far, {"y": T(np.array([[[[2.5], [2.0]]]]), "f32")}, "%y = attention %q, %k, %v", eps=1)
    far["m"] = T(np.array([[True, False, False], [False, False, False]]))
    f.case("attention_hidden", far, {"y": T(np.array([[[[1.0], [0.0]]]]), "f32")}, "%y = attention %q, %k, %v, %m", eps=1)
    far["q"] = T(np.array([[[[np.nan], [1.0]]]]), "f32")
    del far["m"]
    f.case("attention_nan", far, {"y": narrow(attend(*(wide(far[k]) for k in "qkv")), "f32")}, "%y = attention %q, %k, %v", eps=4)
    none = {"q": small("f32", (1, 2, 3, 4), 241), "k": small("f32", (1, 2, 0, 4), 242), "v": small("f32", (1, 2, 0, 5), 243)}
    f.case("attention_no_keys", none, {"y": T(np.zeros((1, 2, 3, 5)), "f32")}, "%y = attention %q, %k, %v",
           {"k": [1, 2, "S", 4], "v": [1, 2, "S", 5]})
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


FILES = {"attention": attentions, "recurrent": recurrent}
