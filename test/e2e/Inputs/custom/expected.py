"""What custom.graph makes of 0..11 in rows of four and four rounds, by numpy; compared with the files of a run."""
import sys

import numpy

x = numpy.arange(12, dtype="f").reshape(3, 4)
v = x * 2 * 3
total = v.sum(1)
for i in (4, 3, 2, 1):
    v = v + 1 if i % 2 == 0 else -v
v = v + 1
y = numpy.concatenate([v[:, 2:], v[:, :2]], 1)
if sys.argv[1] == "inputs":
    numpy.save(sys.argv[2] + "/x.npy", x)
    for n in (4, 9):
        numpy.save(f"{sys.argv[2]}/{n}.npy", numpy.int64(n))
elif sys.argv[1] == "print":
    print(" ".join("%g" % a for a in y.reshape(-1)))
    print("%g %g %g, left 0" % tuple(total))
else:
    for name, wanted in (("y", y), ("sum", total), ("left", numpy.int64(0))):
        got = numpy.load(f"{sys.argv[2]}/{name}.npy")
        assert got.dtype == wanted.dtype and numpy.array_equal(got, wanted), (name, got, wanted)
    print("equal")
