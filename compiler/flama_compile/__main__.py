"""`python -m flama_compile`."""

import sys

from flama_compile.cli import main

if __name__ == "__main__":
    sys.exit(main())
