"""Source that would take for ever, or all memory, if it were followed to the letter.

Run as a script, it links every snippet in a process of its own with bounds on time and memory, and
prints how each ended, one line of JSON a snippet.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path

__all__ = ["SNIPPETS", "project"]

SNIPPETS = {
    "huge string": "S = 'x' * 10**12",
    "huge list": "L = [0] * 10**11",
    "huge bytes": "B = bytes(10**12)",
    "huge power": "N = 10 ** 10 ** 10",
    "huge pow call": "N = pow(10, 10**9)",
    "huge shift": "N = 1 << 10**12",
    "huge format width": "S = f'{1:>99999999999}'",
    "huge format method": "S = '{:>99999999999}'.format(1)",
    "huge percent width": "S = '%99999999999d' % 1",
    "huge percent star": "S = '%*d' % (10**11, 1)",
    "huge zfill": "S = 'x'.zfill(10**12)",
    "huge center": "S = 'x'.center(10**12)",
    "huge expandtabs": "S = '\\t'.expandtabs(10**10)",
    "huge join": "S = ('y' * 10**6).join(['x'] * 10**6)",
    "huge replace": "S = ('x' * 10**6).replace('x', 'y' * 10**6)",
    "doubling string": "S = 'x'\nfor i in range(100):\n    S += S",
    "doubling list": "L = ['x']\nfor i in range(100):\n    L += L",
    "doubling tuple": "T = (1,)\nfor i in range(100):\n    T = T + T",
    "nested tuples": "T = ()\nfor i in range(100):\n    T = (T, T)\n"
    "X = str(T)\nY = T == T\nZ = hash(T)",
    "squaring": "N = 3\nfor i in range(60):\n    N = N * N",
    "long range": "for i in range(10**12):\n    pass",
    "long range list": "L = list(range(10**11))",
    "long sum": "N = sum(range(10**12))",
    "long sorted": "L = sorted(range(10**10))",
    "long comprehension": "L = [a + b for a in range(10**6) for b in range(10**6)]",
    "long generator": "S = '/'.join(str(i) for i in range(10**10))",
    "long fromkeys": "D = dict.fromkeys(range(10**11))",
    "long product": "import itertools\nL = list(itertools.product(range(1000), repeat=9))",
    "long permutations": "import itertools\nL = list(itertools.permutations(range(30)))",
    "endless count": "import itertools\nfor i in itertools.count():\n    pass",
    "endless cycle": "import itertools\nL = list(itertools.cycle([1]))",
    "endless while": "while True:\n    pass",
    "endless while registering": "while True:\n    app.add_get('/x', view)",
    "endless generator": "def g():\n    while True:\n        yield 1\nfor i in g():\n    pass",
    "endless growing loop": "L = [1]\nfor i in L:\n    L.append(i)",
    "endless iter": "for i in iter(int, 1):\n    pass",
    "nested loops": "R = range(9999)\nfor a in R:\n for b in R:\n  for c in R:\n   pass",
    "recursion": "def f(n):\n    return f(n + 1)\nf(0)",
    "mutual recursion": "def f():\n    g()\ndef g():\n    f()\nf()",
    "branching recursion": "def f(n):\n    return f(n - 1) + f(n - 1) if n else 1\nN = f(60)",
    "recursive class": "class A:\n    def __init__(self):\n        self.a = A()\nA()",
    "recursive repr": "L = []\nL.append(L)\nS = str(L)\nE = L == [L]",
    "recursive dict": "D = {}\nD['d'] = D\nfor k in D:\n    S = f'{D}'",
    "self in itself": "app.add_get('/' + repr(app.__dict__), view)",
    "mounted in itself": "app.mount('/self', app)",
    "mounts in a circle": "from flama import Router\na, b = Router(), Router()\n"
    "a.mount('/b', b)\nb.mount('/a', a)\napp.mount('/a', a)",
    "many mounts": "from flama import Router\nr = Router()\nr.add_get('/', view)\n"
    "for i in range(40):\n    n = Router()\n    n.mount('/a', r)\n    n.mount('/b', r)\n    r = n\n"
    "app.mount('/m', r)",
    "many routes": "for i in range(10**7):\n    app.add_get(f'/{i}', view, name=str(i))",
    "deep mounts": "from flama import Router\nr = Router()\nfor i in range(3000):\n"
    "    n = Router()\n    n.mount('/a', r)\n    r = n\napp.mount('/m', r)",
    "decorator chain": "def d(f):\n    return f\nfor i in range(10**6):\n    view = d(view)",
    "attribute chain": "class A: pass\na = A()\nfor i in range(5000):\n"
    "    b = A()\n    b.a = a\n    a = b",
    "big int text": "N = int('9' * 10**6)",
    "nested data": "L = []\nfor i in range(100000):\n    L = [L]\nS = str(L)",
    "regular expression": "import re\nM = re.match('(a+)+$', 'a' * 40 + 'b')",
    "many worlds": "import os\n" + "".join(
        f"if os.environ.get('A{i}'):\n    X{i} = 1\nelse:\n    X{i} = 2\n" for i in range(60)
    ),
    "many nested worlds": "import os\nP = ''\n" + "".join(
        f"if os.environ.get('A{i}'):\n    P += 'a'\nelse:\n    P += 'b'\n" for i in range(60)
    ) + "app.add_get('/' + P, view, name='p')",
    "import of itself": "import hostile_app\nfrom hostile_app import *",
    "import of thousands": "".join(f"import nowhere_{i}\n" for i in range(3000)),
}  # fmt: skip


def project(snippet: str) -> str:
    """A module that holds an application, then the snippet, then another route."""
    return (
        "from flama import Flama\n\napp = Flama()\n\n\ndef view(): ...\n\n\n"
        f"app.add_get('/before', view, name='before')\n{snippet}\n"
        "app.add_get('/after', view, name='after')\n"
    )


def main() -> None:
    from corpus.judged import static_table

    wanted = sys.argv[1:] or list(SNIPPETS)
    with tempfile.TemporaryDirectory(prefix="hostile-") as root:
        for number, name in enumerate(wanted):
            folder = Path(root, str(number))
            folder.mkdir()
            (folder / "hostile_app.py").write_text(project(SNIPPETS[name]), encoding="utf-8")
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
                resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
                try:
                    table, diagnostics = static_table(folder, "hostile_app:app")
                    answer = {
                        "table": table is not None,
                        "exact": table is not None and table.exact,
                        "routes": len(table.routes) if table is not None else 0,
                        "codes": sorted({found.code for found in diagnostics}),
                    }
                except BaseException as error:
                    answer = {"raised": f"{type(error).__name__}: {error}"}
                with open(writer, "w", encoding="utf-8") as stream:
                    json.dump(answer, stream)
                    stream.flush()
                os._exit(0)
            os.close(writer)
            with open(reader, encoding="utf-8") as result:
                text = result.read()
            used = os.wait4(child, 0)
            if not text:
                text = json.dumps({"raised": f"ended with status {used[1]}"})
            print(
                json.dumps({"name": name, "cpu": used[2].ru_utime, **json.loads(text)}), flush=True
            )


if __name__ == "__main__":
    main()
