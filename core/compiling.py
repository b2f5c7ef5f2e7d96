"""The process that compiles the kernels of modules for another one: `python -m core.compiling MODULE ...`.

How far it is comes on standard output, a number from 0 to 1 a line.
"""

import sys
from importlib import import_module

from core.kernel import warm_up


def main() -> None:
    for module in sys.argv[1:]:
        import_module(module)
    warm_up(lambda share: print(share, flush=True))


if __name__ == "__main__":
    main()
