"""The messages that the sources can say, and which of them some test holds to its words.

A message is a text of two words or more in one line, lower case and without a full stop, that is no C (has no pointer)
and stands neither in what is printed as output nor in a CHECK.  A test pins it when one line of the test holds all the
text between its conversions.
"""
import bisect
import os
import re

FOLDERS = ("ir/", "passes/", "codegen/", "frontend/", "runtime/", "tools/")
# Output, checks of ourselves, and text for other programs.
NO_MESSAGES = set("CHECK UNREACHABLE _Static_assert _Pragma str_printf str_add str_vprintf printf fputs puts snprintf line"
                  " attrs_mapped json_pack json_unpack add_words made_by op_rows LLVMAddModuleFlag".split())
# These take a noun, for a message of their own that is pinned where it is made ("expected ')' after the operand").
NOUNS = set("attr_wrong expect want want_word not_wanted one_of parse_items check_dim infer_fits infer_operand_is infer_is_scalar infer_type_is infer_arity"
            " group_extent image_and_kernel too_large no".split())

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"((?:\\.|[^"\\\n])*)"|\'(?:\\.|[^\'\\\n])+\'|(\w+)(?=\()|[()]', re.S)
CONVERSION = re.compile(r"%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j|t)?[a-zA-Z]|%%|%$")
BETWEEN = re.compile(r"\s*(PRI\w+)?\s*")        # of texts that are one, and the rest of a conversion


def normal(text):
    """Without what escaping adds: tests quote messages in C, in regular expressions and for the shell."""
    return re.sub(r"\s+", " ", text.replace("\\", "")).strip()


def literals(text):
    """(innermost call or "", all enclosing calls, offset, text) of each string of a C source; neighbours are one."""
    calls, name, last = [], "", None
    for m in TOKEN.finditer(text):
        token = m.group()
        if m.group(2):
            name = token
        elif token == "(":
            calls.append(name if m.start() and (text[m.start() - 1].isalnum() or text[m.start() - 1] == "_") else "")
        elif token == ")":
            if calls:
                calls.pop()
        elif m.group(1) is not None:
            between = last and BETWEEN.fullmatch(text, last[4], m.start())
            if between:
                last[3:] = last[3] + ("d" if between.group(1) else "") + m.group(1), m.end()
                continue
            if last:
                yield tuple(last[:4])
            named = [c for c in calls if c]
            last = [named[-1] if named else "", frozenset(named), m.start(), m.group(1), m.end()]
    if last:
        yield tuple(last[:4])


def is_message(call, calls, text):
    return (not calls & NO_MESSAGES and call not in NOUNS and "\\n" not in text and not text.endswith(".")
            and not re.match(r"[A-Z]", text) and not re.search(r"\*[a-z]", text) and re.search(r"[a-z]['\",;:)]* +['\"(%]*[a-z0-9]", text) is not None)


def messages(tree):
    """(path, line, text) of each."""
    for path in tree.paths:
        if not path.startswith(FOLDERS) or not path.endswith((".c", ".inc")) or path.startswith("tools/bench/"):
            continue
        with open(os.path.join(tree.root, path), encoding="utf-8") as f:
            text = f.read()
        lines = [m.start() for m in re.finditer("\n", text)]
        for call, calls, at, literal in literals(text):
            if is_message(call, calls, literal):
                yield path, bisect.bisect(lines, at) + 1, literal


class Tests:
    """The lines of all tests, to be searched for messages."""

    def __init__(self, tree):
        found = []
        for path in tree.paths:
            if path.startswith("test/") and path.endswith((".graph", ".mlir", ".test", ".c", ".py")) and not path.startswith(
                    ("test/lint/", "test/fuzz/Inputs/", "test/ops/values/", "test/ops/gen/")):
                found += [normal(line) for _, line in tree.lines(path)]
        self.text = "\n".join(found)

    def pins(self, message):
        parts = [normal(p) for p in CONVERSION.split(message)]
        parts = [p for p in parts if re.search(r"[a-z]{2}", p)]
        longest = max(parts, key=len, default="")
        at = self.text.find(longest)
        while longest and at >= 0:
            end = self.text.find("\n", at)
            line = self.text[self.text.rfind("\n", 0, at) + 1:end if end >= 0 else None]
            where = 0
            for p in parts:
                where = line.find(p, where) if where >= 0 else -1
                where += len(p) if where >= 0 else 0
            if where >= 0:
                return True
            at = self.text.find(longest, at + 1)
        return not parts


# What no test can provoke, or need not, and why.  A text that is gone, or pinned by now, must leave this list.
UNPROVOKED = {
    "memory runs out after a size was found fit; what asks for too much is refused before": [
        "out of memory for %lld elements", "out of memory for %lld elements of scratch", "out of memory for %d operands",
        "out of memory for result %d of graph @%s", "out of memory for %d processes", "out of memory where processes meet",
        "out of memory for the values of graph @%s", "cannot make %d threads", "out of memory for input %d of graph @%s",
    ],
    "the disk or another file system would have to fail in the middle": ["write error"],
    "reads 2 GiB from a pipe or device first": ["it has more than 2 GiB"],
    "only on a machine of another architecture": [
        "no code can be made for this machine's own architecture; name a CPU with '--cpu'",
    ],
    "libzip names every member of an archive that it has opened": ["member %llu of the archive has no name"],
    "the library's users may leave the reader of files out; the tools do not": ["import: files cannot be read here"],
    "tfcc picks the target from the form; only a caller of the library can ask for this": [
        "target cpu writes no C; use --target=c",
    ],
    "kernels and programs that were built by hand, and wrong; no text gives them": [
        "wrong number of operands", "stands in a block that it does not name", "the list of its block is broken",
        "its body names another parent", "a value without a place", "launch of a kernel that is not in the unit",
        "call of no program", "%s has two bounds",
    ],
    "said only where the target's bits differ from the interpreter's, which would be a bug of ours": [
        "%s: the result has another type or shape than the interpreter's", "graph @%s, result %s",
        "no op differs when its value is fetched: the fusion is to blame; --pass.fuse=off",
    ],
    "whoever reads a body has counted what it takes": ["the graph takes %zu values, wanted %d"],
    "a noun of messages that are pinned with other nouns": [
        "(too large)", "a hexadecimal number", "<several places>",
    ],
    "output of tfcc-doc and --help-ops": ["floats, signed integers", "bool, integers", "numbers, bool", "floats, complex", "numbers, complex",
                                       "floats, signed integers, complex", "see text", "name of a size"],
}


def unpinned(tree):
    """(path, line, what is wrong) of each message without a test, and of each exception that is none."""
    tests, excused, used = Tests(tree), {t for texts in UNPROVOKED.values() for t in texts}, set()
    for path, line, text in messages(tree):
        if text in excused:
            used.add(text)
            if tests.pins(text):
                yield path, line, "a test pins \"%s\": take it from the list in test/lint/messages.py" % text
        elif not tests.pins(text):
            yield path, line, "no test has the message \"%s\"" % text
    for text in sorted(excused - used) if "test/lint/messages.py" in tree.paths else ():
        yield "test/lint/messages.py", 0, "no source says \"%s\" any more: take it from the list" % text
