"""collective.py TFCC-RUN MODEL DIR: four processes run the model; what each of them gives is what numpy says."""
import os
import subprocess
import sys

import numpy as np

runner, model, folder = sys.argv[1:]


def run(entry, option, x):
    for p in range(4):
        where = os.path.join(folder, entry, "%d.%d" % ((p, 0) if option == "--replicas" else (0, p)))
        os.makedirs(where, exist_ok=True)
        np.save(os.path.join(where, "arg0.npy"), x[p])
    subprocess.run([runner, model, "--entry", entry, "--target", "interp", option, "4", "--inputs-dir", os.path.join(folder, entry),
                    "--output-dir", os.path.join(folder, entry + ".out")], check=True)
    return lambda p, k: np.load(os.path.join(folder, entry + ".out", "%d.%d" % ((p, 0) if option == "--replicas" else (0, p)), "out%d.npy" % k))


def same(found, wanted, what):
    if found.dtype != wanted.dtype or not np.array_equal(found, wanted):
        sys.exit("%s: found %s, wanted %s" % (what, found, wanted))


x = np.random.default_rng(1).standard_normal((4, 4, 4)).astype(np.float32)
total = ((x[0] + x[1]) + x[2]) + x[3]
out = run("main", "--partitions", x)
for p in range(4):
    same(out(p, 0), total, "all_reduce")
    same(out(p, 1), x.reshape(16, 4), "all_gather")
    same(out(p, 2), x[p - 1] if p in (1, 2) else np.zeros((4, 4), np.float32), "collective_permute")
    same(out(p, 3), np.array(p, np.int32), "partition_id")
    same(out(p, 4), total[p:p + 1], "reduce_scatter")
    same(out(p, 5), np.concatenate([x[m][p:p + 1] for m in range(4)], 1), "all_to_all")
y = np.random.default_rng(2).standard_normal((4, 2)).astype(np.float32)
out = run("replicas", "--replicas", y)
for p in range(4):
    same(out(p, 0), y[2] if p == 2 else y[[0, 3, 1]].max(0), "all_reduce of groups")
    same(out(p, 1), y.reshape(8), "all_gather of all")
    same(out(p, 2), y[2] if p in (1, 2) else np.zeros(2, np.float32), "collective_broadcast")
    same(out(p, 3), y[0] + y[1] if p < 2 else y[2] + y[3], "cross-replica-sum")
    same(out(p, 4), np.array(p, np.uint32), "replica_id")
print("right")
