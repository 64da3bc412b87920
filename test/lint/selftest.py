"""Made-up trees that each rule of lint.py must accept or refuse."""
import os
import subprocess
import tempfile

# rule: (files of a good tree, files of a bad tree, a part of what must be said about the bad one)
# A file "libNAME.a" is made by compiling its text as C.
CASES = {
    "arrows": [
        ({"passes/a.c": '#include "ir/ir.h"\n#include "passes/pass.h"\n#include <stdio.h>\n',
          "runtime/abi.h": '#include "tfrt.h"\n', "runtime/tfrt.h": "\n",
          "codegen/b.c": '#include "runtime/abi.h"\n'},
         {"passes/a.c": '#include "codegen/codegen.h"\n'}, "passes/a.c:1: passes/ may not include codegen/codegen.h"),
        ({}, {"codegen/b.c": '\n#include "runtime/tfrt.h"\n'}, "codegen/b.c:2:"),
        ({}, {"runtime/a.c": '#include "ir/ir.h"\n'}, "runtime/ may not"),
        ({}, {"ir/base/a.c": '#include "../../passes/pass.h"\n', "passes/pass.h": ""}, "ir/ may not include passes/pass.h"),
    ],
    "doors": [
        ({"codegen/llvm/a.c": "#include <llvm-c/Core.h>\n", "tools/call.c": "#include <ffi.h>\n",
          "frontend/weights/j.c": "#include <jansson.h>\n"},
         {"codegen/a.c": "#include <llvm-c/Core.h>\n"}, "codegen/a.c:1: llvm-c/Core.h is for"),
        ({}, {"tools/a.c": "#include <llvm-c/Core.h>\n"}, "tools/a.c:1"),
        ({}, {"tools/a.c": "#include <ffi.h>\n", "tools/b.c": "#include <ffi.h>\n"}, "tools/b.c:1: libffi is used in a second"),
        ({}, {"ir/a.c": "#include <jansson.h>\n"}, "ir/a.c:1"),
        ({"frontend/weights/z.c": "#include <zip.h>\n"}, {"tools/a.c": "#include <zip.h>\n"}, "tools/a.c:1"),
    ],
    "names": [
        ({"docs/a.md": "see /usr/lib and build/homes\n"}, {"docs/a.md": "x\nin /home/someone/x\n"}, "docs/a.md:2"),
        ({}, {"tools/bootstrap": "curl deb.debian.org\n"}, "tools/bootstrap:1"),
    ],
    "length": [({"ir/a.c": "x\n" * 800}, {"ir/a.c": "x\n" * 801}, "longer than 800")],
    "marks": [({"ir/a.c": "/* nothing TODOish */\n"}, {"ir/a.c": "\n// TODO later\n"}, "ir/a.c:2: mark")],
    "opening": [({"ir/a.c": "/* a.c - something. */\n"}, {"ir/a.c": "#include <stdio.h>\n"}, "ir/a.c:1: does not open")],
    "guards": [
        ({"ir/a.h": "/* x */\n#ifndef A_H\n#define A_H\n#endif\n"}, {"ir/a.h": "/* x */\nint x;\n"}, "ir/a.h:1: no include"),
        ({}, {"ir/a.h": "#ifndef A_H\n#define B_H\n#endif\n"}, "no include guard"),
    ],
    "ops": [
        ({"ir/ops.def": "OP(name, x)\nOP(foo, 1)\nEW(bar, 2)\n", "test/ops/a.graph": "%a = bar %b\n%c = foo %b\n",
          "test/ops/values/a.graph": "graph @a(%b: f32[]) -> (f32[]) {\n%a = bar %b\n%c = foo %b\n",
          "test/ops/a-errors.graph": "// expected-error {{bar: no}}\n// expected-error@+1 {{foo: no}}\n"},
         {"ir/ops.def": "EW(foo, 1)\nOP(bar, 1)\n", "test/ops/a.graph": "%a = foo %b", "test/ops/values/a.graph": "%a = bar %b"},
         "ir/ops.def:2: bar has no inference"),
        ({}, {"ir/ops.def": "EW(foo, 1)\n", "test/ops/a.graph": "%a = foo %b", "test/ops/values/a.graph": "%a = foo %b"},
         "ir/ops.def:1: foo has no errors"),
        ({}, {"ir/ops.def": "EW(foo, 1)\n", "test/ops/values/a.graph": "graph @a.data() -> (f32[]) {\n%a = foo %b\n"},
         "ir/ops.def:1: foo has no values"),
        ({"test/contract/values-1.test": "RUN: contract %root/test/ops/values/[a-c]*.graph\n", "test/ops/values/ab.graph": ""},
         {"test/contract/values-1.test": "RUN: contract %root/test/ops/values/[a-c]*.graph\n", "test/ops/values/d.graph": ""},
         "test/ops/values/d.graph:0: no test"),
    ],
    "edges": [
        ({"ir/ops.def": "OP(foo, 1)\n", "test/ops/values/a.graph":
          "\ngraph @a(%x: f32[N]) -> (f32[N]) {\n  %y = foo %x\n}\ngraph @a.data() -> (%x: f32[0], %want.y: f32[0]) {\n}\n"
          "graph @b(%x: f32[3]) -> (f32[3]) {\n  %y = foo %x\n}\ngraph @b.ulp4() -> (%x: f32[3], %want.y: f32[3]) {\n  [nan, -inf]\n}\n"},
         {"ir/ops.def": "OP(foo, 1)\n", "test/ops/values/a.graph":
          "\ngraph @a(%x: f32[N]) -> (f32[N]) {\n  %y = foo %x\n}\ngraph @a.data() -> (%x: f32[3], %want.y: f32[0]) {\n  [nan, inf]\n}\n"},
         "ir/ops.def:1: foo has no case in test/ops/values/ with no elements"),
    ],
    "messages": [
        ({"ir/a.c": 'diag_error(d, loc, "add: found %d apples"\n\t", wanted %" PRId64 " \\"pears\\"", 1, n);\n'
                    'CHECK(x, "never seen by anyone"); str_printf(s, "some text as output");\n'
                    'fail("out of memory for %d operands", n);',
          "test/ir/a.graph": '// expected-error {{add: found 3 apples, wanted 4 "pears"}}\n'},
         {"ir/a.c": 'diag_error(d, loc, "add: found %d apples");', "test/ir/a.graph": "apples that add: found\n apples\n"},
         'ir/a.c:1: no test has the message "add: found %d apples"'),
        ({}, {"ir/a.c": '\n/* (" */ wrong(c, arena_printf(a, "it is %s here", s));'}, "ir/a.c:2: no test has"),
        ({}, {"ir/a.c": 'fail("write error");', "test/a.test": "error: write error"}, "take it from the list"),
    ],
    "globals": [
        ({"libir.a": "static const char *const t[] = {\"a\"}; const char *f(int i);\n"
                     "const char *f(int i) { return t[i]; } _Thread_local int x;"},
         {"libir.a": "int counter;"}, "'counter' is mutable"),
        ({}, {"libtfrt.a": "int f(void); int f(void) { static int n = 3; return n++; }"}, "is mutable"),
    ],
    "libm": [
        ({"libir.a": "double fma(double, double, double), g(double); double g(double x) { return fma(x, x, x); }"},
         {"libir.a": "float expf(float), g(float); float g(float x) { return expf(x); }"}, "calls expf"),
    ],
    "runtime_needs": [
        ({"libtfrt.a": "int tfrt_f(void); int tfrt_f(void) { return 1; }"},
         {"libtfrt.a": "int puts(const char *); int tfrt_f(void); int tfrt_f(void) { return puts(\"x\"); }"}, "refers to puts"),
        ({}, {"libtfrt.a": "int f(void); int f(void) { return 1; }"}, "'f' is public"),
    ],
}


def check(rule, Tree, files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full if not path.endswith(".a") else full + ".c", "w", encoding="utf-8") as f:
                f.write(text)
            if path.endswith(".a"):
                subprocess.run(["cc", "-O1", "-fno-builtin", "-c", full + ".c", "-o", full + ".o"], check=True)
                subprocess.run(["ar", "rc", full, full + ".o"], check=True)
        return ["%s:%d: %s" % f for f in rule(Tree(root, root))]


def run(Tree, RULES):
    bad = ["rule '%s' has no case" % n for n in RULES if n not in CASES]
    for name, cases in CASES.items():
        for good, wrong, wanted in cases:
            found = check(RULES[name], Tree, good)
            if found:
                bad.append("%s: refuses a good tree: %s" % (name, found))
            found = check(RULES[name], Tree, wrong)
            if not any(wanted in f for f in found):
                bad.append("%s: wanted '%s', found %s" % (name, wanted, found))
    print("\n".join(bad) or "%d rules can fail" % len(CASES))
    return 1 if bad else 0
