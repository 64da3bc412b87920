#!/usr/bin/env python3
"""ONNX models beside the runtimes that read them: times of calls in turns, compile time, object size and memory.

Usage: onnx.py BUILD_DIR [--models a,b] [--threads 1,2] [--peers onnxruntime,openvino] [--dir DIR] [--make FILE] [--json FILE]
       onnx.py BUILD_DIR --import-only

Needs a python with numpy and onnx, and the peers.  DIR holds NAME.onnx, NAME.npz (arrays in:NAME and out:NAME) and MODELS.json (flops
and bytes of each), which FILE makes: ../shared/bench/models.py beside the repository unless said otherwise.  Every program runs pinned
to as many processors as it has threads, reads a number of calls from its standard input and answers with their times; the programs
take turns, round by round, so that the machine's moods fall on all of them alike.  A time is the median of the rounds' medians.  Outputs
are checked before anything is timed: largest error / largest element below 2e-3.  "peak" is the part of what this machine can do at
all, of its multiply-adds or of its memory's bandwidth, whichever is more.

--import-only: time and memory of reading and compiling bert_base, and a model of 2.5 GB whose weights are in a file beside it.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

# This folder comes last: its onnx.py is this file, not the package.
sys.path.append(sys.path.pop(0))

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOLERANCE = 2e-3

LIMITS = r"""
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
typedef float V __attribute__((vector_size(WIDTH)));
#if WIDTH == 64
#define REGISTER "v"
#else
#define REGISTER "x"
#endif
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }
static long rounds = 20000000;
static void *flops(void *arg)
{
	/* Twelve chains in registers hide the latency of a multiply-add. */
	V x, y, a = { 0 }, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
	for (unsigned n = 0; n < WIDTH / 4; n++) x[n] = 0.999f, y[n] = 1e-3f;
#define STEP(v) v = v * x + y; __asm__ volatile("" : "+" REGISTER(v));
	for (long r = 0; r < rounds; r++) {
		STEP(a) STEP(b) STEP(c) STEP(d) STEP(e) STEP(f) STEP(g) STEP(h) STEP(i) STEP(j) STEP(k) STEP(l)
	}
	a += b + c + d + e + f + g + h + i + j + k + l;
	*(float *)arg = a[0];
	return NULL;
}
static size_t bytes = 512u << 20;
static void *reads(void *arg)
{
	V *p = *(V **)arg, a[8];
	memset(a, 0, sizeof a);
	for (size_t i = 0; i + 8 <= bytes / sizeof *p; i += 8)
#pragma GCC unroll 8
		for (int k = 0; k < 8; k++) a[k] += p[i + k];
	for (int k = 1; k < 8; k++) a[0] += a[k];
	*(float *)p = a[0][0];
	return NULL;
}
static double both(int n, void *(*f)(void *), void **arg)
{
	pthread_t t[64];
	double start = now();
	for (int i = 0; i < n; i++) pthread_create(&t[i], NULL, f, arg[i]);
	for (int i = 0; i < n; i++) pthread_join(t[i], NULL);
	return now() - start;
}
int main(int argc, char **argv)
{
	int n = atoi(argv[argc - 1]);
	float out[64]; V *mem[64]; void *fa[64], *ra[64];
	double fl = 1e9, rd = 1e9;
	for (int i = 0; i < n; i++) { mem[i] = aligned_alloc(64, bytes); memset(mem[i], 1, bytes); fa[i] = &out[i]; ra[i] = &mem[i]; }
	for (int k = 0; k < 3; k++) {
		double a = both(n, flops, fa), b = both(n, reads, ra);
		fl = a < fl ? a : fl, rd = b < rd ? b : rd;
	}
	printf("%g %g\n", 2.0 * 12 * WIDTH / 4 * rounds * n / fl, (double)bytes * n / rd);
}
"""


def limits(threads):
    """Multiply-add and read bandwidth of this machine: operations and bytes a second."""
    width = 64 if "avx512f" in open("/proc/cpuinfo", encoding="ascii", errors="replace").read() else 32
    with tempfile.TemporaryDirectory() as d:
        with open(d + "/l.c", "w", encoding="ascii") as f:
            f.write(LIMITS)
        subprocess.run(["cc", "-O2", "-march=native", "-ffast-math", f"-DWIDTH={width}", d + "/l.c", "-o", d + "/l", "-pthread"], check=True)
        return [float(v) for v in subprocess.run([d + "/l", str(threads)], stdout=subprocess.PIPE, text=True, check=True).stdout.split()]


# Peers: gives a function that runs once, one that gives the outputs as arrays, and what must stay alive meanwhile.

def peer_onnxruntime(path, threads, feed):
    import onnxruntime as ort
    so = ort.SessionOptions()
    so.intra_op_num_threads, so.inter_op_num_threads, so.log_severity_level = threads, 1, 3
    s = ort.InferenceSession(path, so, providers=["CPUExecutionProvider"])
    io = s.io_binding()
    values = [ort.OrtValue.ortvalue_from_numpy(v) for v in feed.values()]
    for name, v in zip(feed, values):
        io.bind_ortvalue_input(name, v)
    outs = [ort.OrtValue.ortvalue_from_numpy(np.zeros([int(d) for d in o.shape], np.float32)) for o in s.get_outputs()]
    for o, v in zip(s.get_outputs(), outs):
        io.bind_ortvalue_output(o.name, v)
    return (lambda: s.run_with_iobinding(io)), lambda: {o.name: v.numpy() for o, v in zip(s.get_outputs(), outs)}, (values, feed)


def peer_openvino(path, threads, feed):
    import openvino as ov
    core = ov.Core()
    m = core.compile_model(core.read_model(path), "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32",
                                                          "INFERENCE_NUM_THREADS": threads})
    r = m.create_infer_request()
    for name, v in feed.items():
        r.set_tensor(name, ov.Tensor(v, shared_memory=True))

    def call():
        r.start_async()
        r.wait()
    return call, lambda: {name: np.array(r.get_tensor(o).data) for o in m.outputs for name in o.get_names()}, feed


PEERS = {"onnxruntime": peer_onnxruntime, "openvino": peer_openvino}


def arrays(folder, name, kind):
    z = np.load(os.path.join(folder, name + ".npz"))
    return {k.split(":", 1)[1]: z[k] for k in z.files if k.startswith(kind + ":")}


def worst_error(found, wanted):
    """Largest error in parts of the largest element, over all outputs; infinite where a shape is wrong."""
    worst = 0.0
    for name, b in wanted.items():
        a = found.get(name)
        if a is None or a.shape != b.shape:
            return float("inf")
        worst = max(worst, float(np.abs(a.astype(np.float64) - b).max() / (np.abs(b).max() + 1e-30)))
    return worst


def worker(peer, folder, name, threads):
    os.sched_setaffinity(0, range(threads))
    start = time.perf_counter()
    call, outputs, _alive = PEERS[peer](os.path.join(folder, name + ".onnx"), threads, arrays(folder, name, "in"))
    call()
    print(json.dumps({"error": worst_error(outputs(), arrays(folder, name, "out")), "ready": time.perf_counter() - start,
                      "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}), flush=True)
    for _ in sys.stdin:
        t = time.perf_counter()
        call()
        print(f"{(time.perf_counter() - t) * 1e3:.6f}", flush=True)


class Program:
    """One that answers each line of its input with the milliseconds of a call."""
    def __init__(self, command, threads):
        self.pipe = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     preexec_fn=lambda: os.sched_setaffinity(0, range(threads)))
        self.medians, self.calls = [], 1

    def times(self, n):
        self.pipe.stdin.write("\n" * n)
        self.pipe.stdin.flush()
        return [float(self.pipe.stdout.readline()) for _ in range(n)]

    def round(self, seconds):
        """A turn of about so long; how many calls that are was found in the first."""
        t = self.times(self.calls)
        while sum(t) < seconds * 500 and self.calls < 1 << 14:
            self.calls *= 2
            t = self.times(self.calls)
        self.medians.append(statistics.median(t))

    def close(self):
        self.pipe.stdin.close()
        self.pipe.wait()
        return self.pipe.stderr.read()


# The peak of a child counts what its parent had when it began: a small parent stands in between.
IN_BETWEEN = """
import os, sys, time
start = time.perf_counter()
pid = os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), time.perf_counter() - start, usage.ru_maxrss * 1024, file=open(sys.argv[1], "w"))
"""


def run_child(command):
    """Exit code, output, seconds, peak memory in bytes."""
    with tempfile.NamedTemporaryFile("r") as result:
        said = subprocess.run([sys.executable, "-I", "-S", "-c", IN_BETWEEN, result.name, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False).stdout
        code, took, memory = result.read().split()
        return int(code), said.strip(), float(took), int(memory)


def our_files(feed, folder):
    options = []
    for i, (name, v) in enumerate(feed.items()):
        np.save(os.path.join(folder, f"in{i}.npy"), v)
        options += ["--input", f"{name}={folder}/in{i}.npy"]
    return options


def measure(args, name, meta, tops):
    """One model: a row for each number of threads."""
    path, row = os.path.join(args.dir, name + ".onnx"), {"model": name}
    with tempfile.TemporaryDirectory() as d:
        code, said, row["compile_s"], row["compile_memory"] = run_child([os.path.join(args.build, "tfcc"), path, "-o", d + "/m.o", "--cpu=native"])
        if code:
            row["failed"] = said[:400]
            return row
        row["object"] = os.path.getsize(d + "/m.o")
        os.remove(d + "/m.o")
        inputs = our_files(arrays(args.dir, name, "in"), d)
        wanted = arrays(args.dir, name, "out")
        run = [os.path.join(args.build, "tfcc-run"), path, *inputs, "--cpu=native"]
        code, said, _, row["run_memory"] = run_child([*run, "--output-dir", d + "/out"])
        if code:
            row["failed"] = said[:400]
            return row
        row["error"] = worst_error({n: np.load(f"{d}/out/{n}.npy") for n in wanted if os.path.exists(f"{d}/out/{n}.npy")}, wanted)
        for threads in args.threads if args.rounds else []:
            row[threads] = versus(args, name, run, threads, d)
            t = row[threads].get("tfcc")
            if t and name in meta:
                m = meta[name]
                total = m["weight_bytes"] + m["in_bytes"] + m["out_bytes"]
                row[threads]["peak"] = max(m["flops"] / tops[threads][0], total / tops[threads][1]) / (t * 1e-3)
    return row


def versus(args, name, run, threads, folder):
    """name of a program -> milliseconds, in turns."""
    programs, result = {"tfcc": Program([*run, "--threads", str(threads), "--bench=-"], threads)}, {}
    for peer in args.peers:
        p = Program([sys.executable, os.path.abspath(__file__), "--worker", peer, args.dir, name, str(threads)], threads)
        said = p.pipe.stdout.readline()
        state = json.loads(said) if said else {"error": float("inf")}
        if state["error"] < TOLERANCE:
            programs[peer] = p
        else:
            text = p.close().strip().splitlines()
            result[peer + "_failed"] = f"error {state['error']}" if said else (text or ["no answer"])[-1]
    try:
        for p in programs.values():
            p.round(args.seconds)
            p.medians.clear()
        for _ in range(args.rounds):
            for p in programs.values():
                p.round(args.seconds)
                time.sleep(0.01)        # until threads that wait by spinning have gone to sleep
    except ValueError:
        result["failed"] = "a program stopped"
    for who, p in programs.items():
        p.close()
        if p.medians:
            result[who] = statistics.median(p.medians)
    return result


def show(rows, threads):
    print("| model | error | compile s | MB object | MB compiling | " +
          " | ".join(["MB running"] + [f"{t} thread{'s' * (t > 1)}: tfcc ms | best peer ms | ratio | peak" for t in threads]) + " |")
    print("|---" * (6 + 4 * len(threads)) + "|")
    ratios = []
    for r in rows:
        if "failed" in r:
            print(f"| {r['model']} | {' '.join(r['failed'].split())[:150]} |")
            continue
        cells = [r["model"], f"{r['error']:.1e}", f"{r['compile_s']:.2f}", f"{r['object'] / 1e6:.2f}", f"{r['compile_memory'] / 1e6:.0f}", f"{r['run_memory'] / 1e6:.0f}"]
        for t in threads:
            v = r[t]
            peers = {k: x for k, x in v.items() if k in PEERS}
            ours = v.get("tfcc")
            best = min(peers, key=peers.get) if peers else None
            cells.append(f"{ours:.3f}" if ours else v.get("failed", "failed"))
            cells.append(f"{peers[best]:.3f} ({best})" if best else "none")
            cells.append(f"{peers[best] / ours:.2f}" if best and ours else "")
            cells.append(f"{100 * v['peak']:.0f} %" if "peak" in v else "")
            if best and ours:
                ratios.append(peers[best] / ours)
        print("| " + " | ".join(cells) + " |")
    if ratios:
        print(f"\nratio: best peer's time / ours; geometric mean {statistics.geometric_mean(ratios):.2f}, least {min(ratios):.2f}")
    print(f"largest error {max([r['error'] for r in rows if 'error' in r], default=0):.1e}; above {TOLERANCE} is wrong")


def large_model(path, layers=20, n=5590):
    """2.5 GB of weights in a file beside the model, written in pieces."""
    import onnx
    from onnx import TensorProto, helper
    data, init, nodes = path[:-5] + ".data", [], []
    block = (np.random.default_rng(0).standard_normal(n * 64, dtype=np.float32) * np.float32(n ** -0.5)).tobytes()
    with open(data, "wb") as f:
        for i in range(layers):
            t = TensorProto(name=f"w{i}", data_type=TensorProto.FLOAT, dims=[n, n], data_location=TensorProto.EXTERNAL)
            for k, v in (("location", os.path.basename(data)), ("offset", str(f.tell())), ("length", str(4 * n * n))):
                t.external_data.add(key=k, value=v)
            init.append(t)
            left = 4 * n * n
            while left:
                left -= f.write(block[:left])
            f.write(bytes(-f.tell() % 4096))
            nodes += [helper.make_node("MatMul", [f"x{i}", f"w{i}"], [f"y{i}"]), helper.make_node("Relu", [f"y{i}"], [f"x{i + 1}"])]
    g = helper.make_graph(nodes, "large", [helper.make_tensor_value_info("x0", TensorProto.FLOAT, ["N", n])],
                          [helper.make_tensor_value_info(f"x{layers}", TensorProto.FLOAT, ["N", n])], init)
    onnx.save(helper.make_model(g, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return os.path.getsize(data)


def import_only(args):
    with tempfile.TemporaryDirectory(dir=args.dir) as d:
        large = os.path.join(d, "large.onnx")
        models = [("bert_base", os.path.join(args.dir, "bert_base.onnx"), os.path.getsize(os.path.join(args.dir, "bert_base.onnx"))),
                  ("2.5 GB, external", large, large_model(large))]
        print("| model | MB weights | read s | MB reading | compiled s | MB compiling | of the weights | MB object |\n|---|---|---|---|---|---|---|---|")
        for name, path, size in models:
            read = run_child([os.path.join(args.build, "tfcc"), path, "--emit=graph", "-o", "/dev/null"])
            whole = run_child([os.path.join(args.build, "tfcc"), path, "-o", d + "/m.o", "--cpu=native"])
            for code, said, _, _ in (read, whole):
                if code:
                    print(f"{name}: exit code {code}: {said[:400]}")
            if not whole[0]:
                print(f"| {name} | {size / 1e6:.0f} | {read[2]:.2f} | {read[3] / 1e6:.0f} | {whole[2]:.2f} | {whole[3] / 1e6:.0f} | {whole[3] / size:.2f} | "
                      f"{os.path.getsize(d + '/m.o') / 1e6:.0f} |", flush=True)


def main():
    if sys.argv[1:2] == ["--worker"]:
        return worker(*sys.argv[2:5], int(sys.argv[5]))
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("build")
    a.add_argument("--models", default="")
    a.add_argument("--threads", default="1,2", type=lambda s: [int(t) for t in s.split(",")])
    a.add_argument("--peers", default="", help="those of onnxruntime and openvino that are installed, unless said")
    a.add_argument("--dir", default=os.environ.get("TFCC_MODELS") or os.path.join(tempfile.gettempdir(), "tfcc-models"))
    a.add_argument("--make", default=os.path.join(ROOT, "../shared/bench/models.py"))
    a.add_argument("--rounds", type=int, default=9, help="0: compile and check outputs, without timing calls")
    a.add_argument("--seconds", type=float, default=0.2, help="of a turn")
    a.add_argument("--json", help="write all figures there")
    a.add_argument("--import-only", action="store_true")
    args = a.parse_args()
    args.build = os.path.abspath(args.build)
    meta_path = os.path.join(args.dir, "MODELS.json")
    wanted = ["bert_base"] if args.import_only else args.models.split(",") if args.models else []
    if any(not os.path.exists(os.path.join(args.dir, n + ".onnx")) for n in wanted) or not os.path.exists(meta_path):
        subprocess.run([sys.executable, args.make, *wanted], check=True, env={**os.environ, "TFCC_MODELS": args.dir})
    if args.import_only:
        return import_only(args)
    with open(meta_path, encoding="utf-8") as f:
        meta = json.load(f)
    if args.peers:
        args.peers = args.peers.split(",")
    else:
        import importlib.util
        args.peers = [p for p in PEERS if importlib.util.find_spec(p)]
    args.threads = args.threads if args.rounds else []
    tops = {t: limits(t) for t in args.threads}
    for t, (flops, read) in tops.items():
        print(f"{t} thread{'s' * (t > 1)}: {flops / 1e9:.0f} GFLOP/s of multiply-adds, {read / 1e9:.1f} GB/s read", flush=True)
    print(f"peers: {', '.join(args.peers) or 'none'}; load {os.getloadavg()[0]:.1f}", flush=True)
    rows = []
    for name in wanted or meta:
        rows.append(measure(args, name, meta, tops))
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        if args.json:
            with open(args.json, "w", encoding="utf-8") as f:
                json.dump(rows, f, indent=1)
    show(rows, args.threads)


if __name__ == "__main__":
    main()
