"""What the runners of the conformance sets share: a process that runs one case after the other, the list of expected failures, and
the report, in which failures are grouped by what is said."""
import collections
import os
import re
import subprocess
import threading
import time

TARGETS = {"interp": "interp", "llvm": "cpu", "c": "c"}


class Batch:
    """A process that runs one program after the other."""
    def __init__(self, build, seconds, *more):
        self.command = [os.path.join(build, "conform-batch"), str(seconds), *more]
        self.process = None

    def run(self, target, model, prefix):
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{target}\t{model}\t{prefix}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline() or 255)

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def said(log):
    """The first error of a compiler's output, and the output."""
    try:
        with open(log, encoding="utf-8", errors="replace") as f:
            text = f.read()
    except OSError:
        text = ""
    m = re.search(r"(?:error|bug)[^:]*: (.*)", text)
    return (m[1] if m else text.strip().split("\n")[-1]), text


def kind_of(message):
    """The message without what differs from program to program."""
    message = re.sub(r"'[^']*'", lambda m: m[0] if re.fullmatch(r"'[\w.]+'", m[0]) else "'...'", message)
    message = re.sub(r"[%@][\w.#\"]+", "%", message)
    message = re.sub(r"tensor<[^ ]*>", "tensor<...>", message)
    return re.sub(r"\b\d[\d.e+-]*\b", "N", message)


def run_case(batch, target, model, prefix, first=said):
    """None, or the kind of failure and what is to be said of it.  first: the first error of a log, and what else there is."""
    code = batch.run(TARGETS[target], model, prefix)
    if not code:
        return None
    message, _ = first(prefix + ".log")
    if code == 124:
        message = "takes too long"
    elif code >= 128:
        message = f"killed by signal {code - 128}: {message}"
    return f"exit code {code}: {kind_of(message)}", message


def read_expected(path, titles, what):
    """title -> target -> reason; and what is wrong with the list itself."""
    expected, wrong = {}, []
    with open(path, encoding="utf-8") as f:
        for line in f:
            words = line.split(None, 2)
            if not words or line.startswith("#"):
                continue
            if len(words) < 3 or not set(words[1].split(",")) <= set(TARGETS):
                wrong.append(f"{os.path.basename(path)}: a line is GROUP/NAME TARGETS REASON: {line.strip()}")
            elif words[0] not in titles:
                wrong.append(f"{os.path.basename(path)}: there is no {what} {words[0]}")
            else:
                expected[words[0]] = dict.fromkeys(words[1].split(","), words[2].strip())
    return expected, wrong


def run_all(args, programs, check):
    """[(program, target, failure or None, seconds)], in order.  check(batch, program, target) -> failure or None."""
    work = [(p, t) for p in programs for t in args.target.split(",")]
    results, lock, at = {}, threading.Lock(), iter(range(len(work)))

    def worker():
        batch = Batch(args.build, args.seconds)
        while True:
            with lock:
                i = next(at, None)
            if i is None:
                break
            p, t = work[i]
            start = time.monotonic()
            try:
                failure = check(batch, p, t)
            except Exception as e:  # of ours: say so, and go on
                failure = f"the runner: {type(e).__name__}", str(e)
            results[i] = failure, time.monotonic() - start
        batch.close()

    threads = [threading.Thread(target=worker) for _ in range(args.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [(p, t, *results[i]) for i, (p, t) in enumerate(work)]


def write_list(path, results):
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(f"{p.title} {t} {' '.join(r[1].split()) or r[0]}\n" for p, t, r, _ in results if r)


def report(results, expected, show, may_refuse=None, what="programs"):
    """Prints; the number of failures that nobody expects."""
    groups = collections.defaultdict(list)
    failed = passed = known = refused = 0
    surprises = []
    for p, target, failure, _ in results:
        reason = expected.get(p.title, {}).get(target)
        if failure and reason:
            known += 1
        elif failure and failure[0].startswith("exit code 2:") and failure[0].endswith("is not supported"):
            refused += 1
            groups[failure[0]].append((p.title, target, failure[1]))
        elif failure:
            failed += 1
            groups[failure[0]].append((p.title, target, failure[1]))
        else:
            passed += 1
            if reason:
                surprises.append(f"{p.title} passes on {target}: take it off expected-failures.txt")
    for kind, members in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
        print(f"\n{len(members)} x {kind}")
        for title, target, message in members[:show]:
            print(f"    {title} ({target}): {message}")
        if len(members) > show:
            print(f"    and {len(members) - show} more")
    if may_refuse is None:
        failed, refused = failed + refused, 0
    elif refused > may_refuse:
        surprises.append(f"{refused} {what} are refused; --refused says at most {may_refuse}")
    for text in surprises:
        print(f"error: {text}")
    print(f"{passed} passed, {failed + len(surprises)} failed, {known} expected failures" + (f", {refused} refused" if refused else ""))
    return failed + len(surprises)
