#!/usr/bin/python3
"""Rules about the sources that no compiler checks.

usage: lint.py RULE ROOT [BUILD]     prints "file:line: what is wrong", exits 1 if anything is
       lint.py --list
       lint.py --self-test           every rule accepts a good tree and refuses a bad one
"""
import fnmatch
import os
import re
import subprocess
import sys

CODE = (".c", ".h", ".def")
HOUSE = ("ir", "passes", "codegen", "frontend", "runtime", "tools")
RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


class Tree:
    """The files of a checkout by path relative to its root, and the folder of a build of it, or None."""

    def __init__(self, root, build=None):
        self.root, self.build = root, build
        self.paths = []
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(f for f in folders if f not in (".git", "build", "__pycache__"))
            self.paths += [os.path.relpath(os.path.join(folder, f), root) for f in sorted(files)]

    def code(self, *folders):
        return [p for p in self.paths if p.endswith(CODE) and p.split("/")[0] in (folders or HOUSE)]

    def lines(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as f:
            return list(enumerate(f.read().split("\n"), 1))

    def text_files(self):
        names = ("CMakeLists.txt", "bootstrap", "run")
        ends = CODE + (".py", ".md", ".graph", ".test", ".cmake", ".in", ".json", ".sh", ".yml", ".s", ".ll")
        return [p for p in self.paths if p.endswith(ends) or os.path.basename(p) in names]


# Which folder may include what: the arrows of the design.
ARROWS = {
    "ir": r"ir/",
    "passes": r"(ir|passes)/",
    "codegen": r"(ir|codegen)/|runtime/abi\.h$",
    "frontend": r"(ir|frontend)/",
    "runtime": r"runtime/",
    "tools": r"(ir|passes|codegen|frontend|runtime|tools)/",
}


@rule
def arrows(tree):
    """Folders include only what lies below them."""
    for path in tree.code():
        allowed = ARROWS[path.split("/")[0]]
        for number, line in tree.lines(path):
            m = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not m:
                continue
            beside = os.path.normpath(os.path.join(os.path.dirname(path), m.group(1)))
            target = beside if os.path.exists(os.path.join(tree.root, beside)) else m.group(1)
            if not re.match(allowed, target):
                yield path, number, "%s/ may not include %s" % (path.split("/")[0], target)


# One door for each external library.
DOORS = {
    r"llvm(-c)?/": r"codegen/llvm/",
    r"jansson\.h": r"frontend/",
    r"ffi\.h": r"tools/[a-z_]+\.c$",
    r"nvrtc": r"codegen/cuda/nvrtc\.c$",
    r"cuda\.h": r"runtime/cuda\.c$",
    r"(protobuf-c|hdf5|zip\.h)": r"frontend/",
}


@rule
def doors(tree):
    """External libraries are included behind their one door only."""
    users = {}
    for path in tree.code():
        for number, line in tree.lines(path):
            m = re.match(r'\s*#\s*include\s+[<"]([^>"]+)[>"]', line)
            for header, door in DOORS.items() if m else ():
                if re.match(header, m.group(1)):
                    users.setdefault(header, []).append((path, number))
                    if not re.match(door, path):
                        yield path, number, "%s is for %s only" % (m.group(1), door)
    for path, number in users.get(r"ffi\.h", [])[1:]:
        yield path, number, "libffi is used in a second place"


@rule
def names(tree):
    """No path of somebody's machine, no host of a package registry."""
    bad = re.compile(r"/(home|root|work|Users)/[A-Za-z0-9_.]|/tmp/bash_jobs|[a-z]+\.debian\.org|pypi\.org|pythonhosted"
                     r"|registry\.npmjs|proxy\.golang")
    for path in tree.text_files():
        if path.startswith("test/lint/"):
            continue
        for number, line in tree.lines(path):
            if bad.search(line):
                yield path, number, "names a machine or a registry: %s" % line.strip()


@rule
def length(tree):
    """No source is longer than 800 lines."""
    for path in tree.paths:
        if path.endswith(CODE + (".py",)) and len(tree.lines(path)) > 801:
            yield path, 801, "longer than 800 lines"


@rule
def marks(tree):
    """What is left to do is said by a CHECK, a diagnostic or an issue, not by a mark in a comment."""
    for path in tree.text_files():
        if path.startswith("test/lint/"):
            continue
        for number, line in tree.lines(path):
            if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
                yield path, number, "mark: %s" % line.strip()


@rule
def opening(tree):
    """Every source opens with a comment that says what it is."""
    for path in tree.code(*HOUSE, "test", "docs"):
        first = tree.lines(path)[0][1]
        if not re.match(r"(/\*|//) *\S", first):
            yield path, 1, "does not open with a comment"


@rule
def guards(tree):
    """Headers have an include guard."""
    for path in tree.code():
        if path.endswith(".h"):
            text = "\n".join(line for _, line in tree.lines(path))
            m = re.search(r"#ifndef (\w+)\n#define (\w+)", text)
            if not m or m.group(1) != m.group(2):
                yield path, 1, "no include guard"


def table_ops(tree):
    """Names and lines of the rows of ir/ops.def."""
    for number, line in tree.lines("ir/ops.def") if "ir/ops.def" in tree.paths else ():
        m = re.match(r"(?:OP|EW|COMPOSITE|STRUCTURED)\((\w+),", line)
        if m and not line.startswith(("OP(name", "EW(name", "COMPOSITE(name")):
            yield m.group(1), number


# What has a part of the tests elsewhere: op, part, where.
OPS_ELSEWHERE = {
    ("weight", "values"): "test/frontend/weights.test", ("weight", "inference"): "test/frontend/weights.test",
    ("weight", "errors"): "test/ir/errors-module.graph", ("constant", "errors"): "test/ir/errors-op.graph",
    ("fusion", "inference"): "test/passes/fuse.graph", ("fusion", "errors"): "test/ir/verify.graph",
    ("fusion", "values"): "test/codegen/fusions.test",
    ("custom_call", "values"): "test/e2e/custom-call.test",
    **{(op, "values"): "test/ops/collective.test" for op in ("replica_id", "partition_id")},
}


@rule
def ops(tree):
    """Every op has its values from numpy, its inferred types and its errors in test/ops/."""
    found = {"values": set(), "inference": set(), "errors": set()}
    for path in tree.paths:
        if not path.startswith("test/ops/") or not path.endswith(".graph"):
            continue
        part = "values" if path.startswith("test/ops/values/") else "errors" if path.endswith("-errors.graph") else "inference"
        data = False
        for _, line in tree.lines(path):
            if line.startswith("graph @"):
                data = re.search(r"\.(data|ulp\d+|eps\d+)\(", line) is not None    # inputs, and what is wanted
            if part == "errors":
                found[part].update(re.findall(r"expected-error(?:@\S+)? \{\{(\w+): ", line))
            elif not data:
                found[part].update(re.findall(r"= (\w+)\b", line))
    contract = [p for p in tree.paths if p.startswith("test/contract/values-")]
    globs = re.findall(r"test/ops/values/(\S+)", "\n".join(line for p in contract for _, line in tree.lines(p)))
    for path in tree.paths:
        if contract and re.fullmatch(r"test/ops/values/\w+\.graph", path) and not any(
                fnmatch.fnmatch(os.path.basename(path), g) for g in globs):
            yield path, 0, "no test/contract/values-*.test runs it"
    for name, number in table_ops(tree):
        for part, tested in found.items() if name not in ("yield", "return") else ():
            elsewhere = OPS_ELSEWHERE.get((name, part))
            if name not in tested and elsewhere not in tree.paths:
                yield "ir/ops.def", number, "%s has no %s in test/ops/" % (name, part)


@rule
def messages(tree):
    """Every message that the sources can say is pinned by a test, or listed with the reason why none can."""
    import messages as found
    yield from found.unpinned(tree)


# What edges have no meaning for an op: values that are no floats, and shapes that it does not have.
ODD = {"nan", "inf"}
EDGES_WITHOUT = {
    **dict.fromkeys("not popcnt clz xor shl shr_a shr_l and or dimension iota reduce_any reduce_all rng_bits random_uniform"
                    " random_normal bitcast_convert".split(), ODD),
    **dict.fromkeys("philox threefry define_size".split(), ODD | {"empty"}),
    **dict.fromkeys("conv3d_transpose conv2d_transpose depthwise_conv2d separable_conv2d".split(), ODD),      # as in one dimension
    "fft": {"inf"},                                                                                           # inf - inf, in some order
    "conv_general": {"empty"},                                                                                # conv1d to conv3d
    # In test/ops/replicas/.
    **dict.fromkeys("all_reduce all_gather reduce_scatter all_to_all collective_permute collective_broadcast replica_id"
                    " partition_id".split(), ODD | {"empty", "symbolic"}),
    **dict.fromkeys("weight fusion custom_call yield return".split(), ODD | {"empty", "symbolic"}),
}


@rule
def edges(tree):
    """Every op has cases with a symbolic extent, without elements, with NaN and with infinity, where that has a meaning."""
    seen = {}
    for path in tree.paths:
        if not re.match(r"test/ops/values/\w+\.graph", path):
            continue
        graphs = {re.match(r"[^\s(]+", g).group(0): g for g in
                  "\n".join(line for _, line in tree.lines(path)).replace("\ngraph @", "\0").split("\0")[1:]}
        for name, text in graphs.items():
            base, _, data = name.rpartition(".")
            if base not in graphs or not re.match(r"data|ulp|eps", data):
                continue
            found = {e for e, pattern in (("nan", r"\bnan\b"), ("inf", r"\binf\b")) if re.search(pattern, text)}
            found |= {"empty"} if re.search(r"%(?!want)[^:,]+: \w+\[(\d+, )*0[,\]]", text.split("{")[0]) else set()
            found |= {"symbolic"} if re.search(r": \w+\[[^\]]*[A-Z]", graphs[base].split("{")[0]) else set()
            for op in re.findall(r"= (\w+)\b", graphs[base]):
                seen.setdefault(op, set()).update(found)
    for op, number in table_ops(tree):
        lacks = {"symbolic", "empty"} | ODD
        for edge in sorted(lacks - seen.get(op, set()) - EDGES_WITHOUT.get(op, set())):
            yield "ir/ops.def", number, "%s has no case in test/ops/values/ with %s" % (
                op, {"symbolic": "a symbolic extent", "empty": "no elements"}.get(edge, edge))


def objects(tree):
    for lib in ("ir", "passes", "codegen", "codegen_llvm", "frontend", "tfrt"):
        path = os.path.join(tree.build or "", "lib%s.a" % lib)
        if tree.build and os.path.exists(path):
            yield os.path.basename(path), path


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@rule
def globals(tree):
    """No mutable global state: no object of the libraries lies in writable data (thread-local ones apart)."""
    for name, path in objects(tree):
        member = ""
        for line in run("objdump", "-t", path).split("\n"):
            m = re.match(r"(\S+):\s+file format", line)
            member = m.group(1) if m else member
            m = re.match(r"[0-9a-f]+ .{5}.O (\.(?:data|bss)\S*|\*COM\*)\s+[0-9a-f]+\s+(?:\.hidden )?(\S+)", line)
            sanitizer = m and re.match(r"__(asan|ubsan|odr_asan|sancov)|\.?L?(asan|ubsan)|\*?\.?Lubsan", m.group(2))
            if m and not m.group(1).startswith(".data.rel.ro") and not sanitizer:
                yield name, 0, "%s: '%s' is mutable global state" % (member, m.group(2))


LIBM = set("acos acosh asin asinh atan atan2 atanh cbrt cos cosh erf erfc exp exp2 exp10 expm1 hypot lgamma log log10 log1p"
           " log2 pow sin sincos sinh tan tanh tgamma".split())


@rule
def libm(tree):
    """Elementary functions are tfcc's own: none of libm's is called."""
    for name, path in objects(tree):
        for symbol in re.findall(r" U (\w+)", run("nm", path)):
            if symbol in LIBM or (symbol.endswith(("f", "l")) and symbol[:-1] in LIBM):
                yield name, 0, "calls %s of libm" % symbol


@rule
def runtime_needs(tree):
    """The runtime needs libc and pthreads only, and never prints or exits."""
    own = set()
    bad = {"printf", "fprintf", "puts", "putchar", "fputs", "exit", "_exit", "abort", "__assert_fail", "perror", "stderr",
           "stdout", "__printf_chk", "__fprintf_chk"}
    for name, path in objects(tree):
        if name == "libtfrt.a":
            own.update(re.findall(r" [TDRBV] (\w+)", run("nm", path)))
            for symbol in re.findall(r" U (\w+)", run("nm", path)):
                if symbol in bad:
                    yield name, 0, "refers to %s" % symbol
            for symbol in sorted(own):
                if not symbol.startswith("tfrt_"):
                    yield name, 0, "'%s' is public but not named tfrt_*" % symbol


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join("%-14s %s" % (n, f.__doc__) for n, f in RULES.items()))
        return 0
    if sys.argv[1:] == ["--self-test"]:
        import selftest
        return selftest.run(Tree, RULES)
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in RULES:
        sys.stderr.write(__doc__)
        return 2
    found = list(RULES[sys.argv[1]](Tree(*sys.argv[2:])))
    for path, number, what in found:
        print("%s:%d: %s" % (path, number, what))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
