"""Graphs that each call the one before twice: inlining everything would copy 2^40 ops.
RUN: %python %s > %t.graph
RUN: %tfcc-opt --passes=expand,order,inline %t.graph | %FileCheck %s
The first graphs are inlined, the last ones still call.
CHECK: graph @f3
CHECK-NOT: call
CHECK: graph @f4
CHECK: graph @f39
CHECK: call @f38
"""
print("graph @f0(%x: f32[N]) -> (f32[N]) {\n  %y = exp %x\n  return %y\n}")
for i in range(1, 40):
    print("graph @f%d(%%x: f32[N]) -> (f32[N]) {" % i)
    print("  %%a = call @f%d(%%x)\n  %%b = call @f%d(%%a)\n  return %%b\n}" % (i - 1, i - 1))
