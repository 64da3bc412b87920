"""usage: graph_format.py DOC TFCC-OPT FILE...

The EBNF in the page accepts every example of the page and every file (of a lowered model: by the rule `unit`), and so does the parser; two examples of the page
that are said to be the same module print alike.  The EBNF refuses some texts that are no .graph."""
import re
import subprocess
import sys

sys.setrecursionlimit(100000)


class Grammar:
    """A recogniser that follows every alternative: each part gives the set of places where it can end."""

    TOKEN = re.compile(r'\s*("[^"]*"|/(?:[^/\\]|\\.)+/|[A-Za-z]+|[=;|()\[\]{}])')

    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text.rstrip()):
            m = self.TOKEN.match(text, at)
            assert m, "grammar: what is " + text[at:at + 40]
            self.tokens.append(m.group(1))
            at = m.end()
        self.rules, self.at = {}, 0
        while self.at < len(self.tokens):
            name = self.take()
            assert self.take() == "=", name
            self.rules[name] = self.choice()
            assert self.take() == ";", name
        used = set(re.findall(r"'rule', '(\w+)'", repr(self.rules)))
        assert used <= set(self.rules), used - set(self.rules)

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def choice(self):
        parts = [self.sequence()]
        while self.tokens[self.at] == "|":
            self.at += 1
            parts.append(self.sequence())
        return ("choice", parts)

    def sequence(self):
        parts = []
        while self.tokens[self.at] not in "|)]};":
            t = self.take()
            if t in "([{":
                inner = self.choice()
                assert self.take() == {"(": ")", "[": "]", "{": "}"}[t]
                parts.append(({"(": "group", "[": "optional", "{": "repeat"}[t], inner))
            elif t[0] == '"':
                parts.append(("literal", t[1:-1]))
            elif t[0] == "/":
                parts.append(("regex", re.compile(t[1:-1])))
            else:
                parts.append(("rule", t))
        return ("sequence", parts)

    BLANK = re.compile(r"\s*")
    SKIP = re.compile(r"(?:\s|//[^\n]*)*")

    def ends(self, part, at):
        kind, x = part
        if kind == "literal":
            begin = (self.BLANK if x == "//" else self.SKIP).match(self.text, at).end()
            end = begin + len(x)
            word = x[-1].isalpha() and re.match(r"[A-Za-z0-9_.]", self.text[end:end + 1])
            return {end} if self.text.startswith(x, begin) and not word else set()
        if kind == "regex":
            m = x.match(self.text, self.SKIP.match(self.text, at).end())
            return {m.end()} if m else set()
        if kind == "rule":
            if (x, at) not in self.known:
                self.known[x, at] = self.ends(self.rules[x], at)
            return self.known[x, at]
        if kind == "choice":
            return set().union(*(self.ends(p, at) for p in x))
        if kind == "sequence":
            places = {at}
            for p in x:
                places = set().union(*(self.ends(p, i) for i in places)) if places else places
            return places
        if kind in ("group", "optional"):
            return self.ends(x, at) | ({at} if kind == "optional" else set())
        found, new = {at}, {at}            # repeat
        while new:
            new = set().union(*(self.ends(x, i) for i in new)) - found
            found |= new
        return found

    def accepts(self, text, rule="module"):
        self.text, self.known = text, {}
        return any(self.SKIP.match(text, end).end() == len(text) for end in self.ends(("rule", rule), 0))


def main():
    doc, tool, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    page = open(doc, encoding="utf-8").read()
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.M | re.S)
    grammar = Grammar("".join(text for kind, text in blocks if kind == "ebnf"))
    examples = [text for kind, text in blocks if kind == "graph"]
    assert len(examples) >= 8
    bad = 0

    def check(ok, what):
        nonlocal bad
        if not ok:
            bad += 1
            print("not accepted:", what)

    printed = []
    for text in examples:
        run = subprocess.run([tool, "-", "--print-locs"], input=text, capture_output=True, text=True)
        check(run.returncode == 0, "by the parser: " + text + run.stderr)
        plain = subprocess.run([tool, "-"], input=text, capture_output=True, text=True)
        printed.append(plain.stdout)
        check(grammar.accepts(text), "by the grammar: " + text)
        check(grammar.accepts(run.stdout), "by the grammar: " + run.stdout)
    short = next(i for i, text in enumerate(examples) if "mul %x, %s" in text)
    check(printed[short] == examples[short + 1], "as what it is read as: " + printed[short])
    lowered = [text for kind, text in blocks if kind == "program"]
    assert lowered
    for text in lowered:
        run = subprocess.run([tool, "-"], input=text, capture_output=True, text=True)
        check(run.returncode == 0, "by the parser: " + text + run.stderr)
        check(grammar.accepts(text, "unit"), "by the grammar: " + text)
        check(grammar.accepts(run.stdout, "unit"), "by the grammar: " + run.stdout)
    for path in files:
        rule = "unit" if path.endswith((".loops", ".kernel")) else "module"
        check(grammar.accepts(open(path, encoding="utf-8").read(), rule), "by the grammar: " + path)
    for text in ("graph", "weight @w : f32", "graph @f() -> ()", "graph @f() -> () { %x }", "weights w", "graph f() -> () {}",
                 "graph @f() -> () { %x = add %y, }", "graph @f(%x) -> () {}", "weight @w : f32[2] = [1 2]", "tfcc_graph x"):
        if grammar.accepts(text):
            bad += 1
            print("accepted by the grammar:", text)
    head = "tfcc_program 1 program @f() -> () workspace 0 "
    for text in (head, head + "{ launch k0 () }", head + "{ copy in(0) = ws(0) bytes 4 }", head + "{ while ws(0) {} do {} }",
                 head + "{ call @f () }", head + "{} const 0 = 1", head + "{} kernel \"k\" () {}", head + "{ launch @k (ws(0, 1)) }"):
        if grammar.accepts(text, "unit"):
            bad += 1
            print("accepted by the grammar:", text)
    print("%d examples, %d files, %d rules" % (len(examples), len(files), len(grammar.rules)))
    sys.exit(bad > 0)


main()
