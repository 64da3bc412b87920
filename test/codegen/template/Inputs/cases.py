"""Runs the cases of test/ops/values in a model that the target `template` has printed: graph NAME.data (or NAME.ulpN) gives
the inputs of NAME and then the wanted results, which NAME must give bit for bit (all NaNs are one; N: so many units off).

usage: cases.py MODEL.py
"""
import importlib.util
import math
import sys

spec = importlib.util.spec_from_file_location("model", sys.argv[1])
m = importlib.util.module_from_spec(spec)
spec.loader.exec_module(m)


def run(name, inputs, shapes):
    """The results as (type, shape, bytes), inputs being such triples."""
    nsymbols, types, results, f = m.GRAPHS[name]
    dims = {}
    for (_, _, shape), (_, found, _) in zip(types, inputs):
        dims.update((d, n) for d, n in zip(shape, found) if isinstance(d, str))
    s = [dims[f"s[{i}]"] for i in range(nsymbols)]
    out = []
    for _, t, shape in results:
        shape = [eval(d, {"s": s, "max": max, "min": min}) if isinstance(d, str) else d for d in shape]
        out.append((t, shape, bytearray(math.prod(shape) * m.BITS[t] // 8)))
    f(s, [(data, 0) for _, _, data in inputs], [(data, 0) for _, _, data in out])
    return out


def number(t, x):
    return m.value(t, x) if t in ("f16", "bf16") else x


def is_close(t, found, wanted, ulp):
    found, wanted = number(t, found), number(t, wanted)
    if t[0] == "f" or t == "bf16":
        if found != found or wanted != wanted:
            return found != found and wanted != wanted
        if found == wanted:
            return found != 0 or ulp > 0 or math.copysign(1, found) == math.copysign(1, wanted)
        mantissa = {"f16": 10, "bf16": 7, "f32": 23, "f64": 52}[t]
        if ulp and math.isfinite(found) and math.isfinite(wanted):
            return abs(found - wanted) <= ulp * 2.0 ** max(math.frexp(wanted)[1] - 1 - mantissa, -1074)
        return False
    return found == wanted


def main():
    cases = wrong = 0
    for data in m.GRAPHS:
        name, _, kind = data.rpartition(".")
        if name not in m.GRAPHS or not (kind == "data" or kind.startswith("ulp")):
            continue
        cases += 1
        given = run(data, [], [])
        n = len(m.GRAPHS[name][1])
        for (t, _, found), (_, _, wanted) in zip(run(name, given[:n], None), given[n:]):
            pairs = zip(m.view((found, 0), t), m.view((wanted, 0), t))
            if not all(is_close(t, a, b, int(kind[3:] or 0) if kind != "data" else 0) for a, b in pairs):
                wrong += 1
                print(f"case @{name}: wrong")
                break
    print(f"{cases} cases, {wrong} wrong")


main()
