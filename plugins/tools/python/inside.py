"""What runs within the sandbox: sets the limits, then runs the program that stdin holds.

Given to the interpreter as text, so it imports nothing of Medley's. The value of a last line that
is an expression is printed, as at Python's prompt.
"""

import ast
import linecache
import os
import resource
import sys
import traceback

LIMITS = {
    resource.RLIMIT_AS: int(sys.argv[1]),
    resource.RLIMIT_CPU: int(sys.argv[2]),
    resource.RLIMIT_FSIZE: int(sys.argv[3]),
    resource.RLIMIT_NPROC: int(sys.argv[4]),
    resource.RLIMIT_NOFILE: 256,
    resource.RLIMIT_CORE: 0,
}
NAME = "program.py"


def main() -> None:
    """Run it; a failure prints its traceback and ends with 1."""
    source = sys.stdin.buffer.read().decode("utf-8", "replace")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    sys.argv = [NAME]
    linecache.cache[NAME] = (len(source), None, source.splitlines(keepends=True), NAME)
    names = {"__name__": "__main__", "__file__": NAME}
    try:
        tree = ast.parse(source, NAME)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, NAME, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), NAME, "eval"), names)
            if value is not None:
                print(repr(value))
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  a failed program's own
        sys.stdout.flush()
        shown = error.__traceback__ and error.__traceback__.tb_next
        traceback.print_exception(type(error), error, shown, limit=-5)
        sys.stderr.flush()
        os._exit(1)


if __name__ == "__main__":
    main()
