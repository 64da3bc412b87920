"""Hostile MLIR texts: make_deep.py KIND N prints one that is nested, chained or doubled N times."""
import sys

kind, n = sys.argv[1], int(sys.argv[2])
texts = {
    "regions": lambda: "func.func @f() {\n" + '"a.b"() ({' * n + "}) : () -> ()\n" * n + "return }",
    "open": lambda: "func.func @f() {\n" + '"a.b"() ({' * n,
    "attributes": lambda: "#a = " + "[" * n + "]" * n,
    "dicts": lambda: "#a = " + "{x = " * n + "1" + "}" * n,
    "types": lambda: "!a = " + "tuple<" * n + "i1" + ">" * n,
    "functions": lambda: "!a = " + "(" * n + ") -> ()" * n,
    "lists": lambda: "#a = dense<" + "[" * n + "1" + "]" * n + "> : tensor<2xi8>",
    "axes": lambda: "#a = dense<" + "[" * n + "1" + "]" * n + "> : tensor<" + "1x" * n + "i8>",
    "locations": lambda: "#a = loc(" + '"x"(' * n + "unknown" + ")" * n + ")",
    "other": lambda: "#a = #foo.bar<" + "(" * n + ")" * n + ">",
    "chain": lambda: "".join("#a%d = loc(\"x\"(#a%d))\n" % (i, i + 1) for i in range(n)) + "#a%d = loc(unknown)\n" % n
    + 'func.func @f() { return loc(#a0) }',
    "doubled": lambda: "#a0 = 1\n" + "".join("#a%d = [#a%d, #a%d]\n" % (i + 1, i, i) for i in range(n)),
    "aliases": lambda: "#a0 = 1\n" + "".join("#a%d = [#a%d]\n" % (i + 1, i) for i in range(n)),
    "attrs": lambda: 'func.func @f() { "a.b"() {' + ", ".join("x%d" % i for i in range(n)) + "} : () -> () return }",
    "results": lambda: "func.func @f() { %%0:%d = a.b c return }" % n,
}
print(texts[kind]())
