

def main(program, graph, out, *inputs):
    """usage: MODEL.py GRAPH OUTPUT-DIR FILE.npy ...      (one file an input, in order)"""
    import numpy

    nsymbols, types, results, run = GRAPHS[graph]
    arrays = [numpy.ascontiguousarray(numpy.load(f)) for f in inputs]
    dims = {}
    for (_, _, shape), a in zip(types, arrays):
        dims.update((d, n) for d, n in zip(shape, a.shape) if isinstance(d, str))
    extent = lambda d: eval(d, {"s": [dims[f"s[{i}]"] for i in range(nsymbols)], "max": max, "min": min}) \
        if isinstance(d, str) else d
    shapes = [[extent(d) for d in shape] for _, _, shape in results]
    memory = [bytearray(math.prod(shape) * BITS[t] // 8) for (_, t, _), shape in zip(results, shapes)]
    run([dims[f"s[{i}]"] for i in range(nsymbols)], [(a.tobytes(), 0) for a in arrays], [(m, 0) for m in memory])
    for (name, t, _), shape, m in zip(results, shapes, memory):
        kind = {"bool": "?", "f16": "<f2", "bf16": "<V2"}.get(t, "<" + CODE[t])
        numpy.save(f"{out}/{name}.npy", numpy.frombuffer(m, kind).reshape(shape))


if __name__ == "__main__":
    main(*sys.argv)
