"""Arithmetic, read as a syntax tree and computed here: no name, attribute or call of Python's."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from plugins.api import Tool, ToolOutput, ToolStage
from plugins.errors import KnownError

Number = int | float
MOST_CHARACTERS, MOST_DEPTH = 1000, 60
MOST_BITS = 100_000
"""Of a whole number on the way."""
MOST_DIGITS = 400
"""Of a result that is written out."""
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_FUNCTIONS: dict[str, Callable[..., Number]] = {
    "abs": abs, "round": round, "min": min, "max": max, "sqrt": math.sqrt, "exp": math.exp,
    "ln": math.log, "log": math.log, "log10": math.log10, "log2": math.log2, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "degrees": math.degrees, "radians": math.radians, "floor": math.floor, "ceil": math.ceil,
    "gcd": math.gcd, "lcm": math.lcm, "hypot": math.hypot,
}  # fmt: skip
_NAMES = {"pi": math.pi, "e": math.e, "tau": math.tau}
_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "^": "**", "（": "(", "）": ")"})


class Calculator(Tool):
    """Computes one expression."""

    name = "calculate"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The result as a number."""
        return ToolOutput(_written(computed(str(arguments["expression"]))))


def computed(expression: str) -> Number:
    """The value of an expression.

    Raises:
        KnownError: it is no arithmetic, has no result, or one that is too large.
    """
    text = expression.strip().rstrip("=").translate(_SIGNS)
    if len(text) > MOST_CHARACTERS:
        raise _too_large()
    try:
        value = _value(ast.parse(text, mode="eval").body, 0)
    except ZeroDivisionError as error:
        raise KnownError("There is no result: it divides by zero. Change it.") from error
    except (SyntaxError, TypeError, ValueError) as error:
        raise KnownError(
            "{expression}: expected arithmetic such as `2 * (3 + 4) ** 2`, found: {error}. "
            "Write it so.",
            "request",
            expression=expression[:80],
            error=_reason(error),
        ) from error
    except (OverflowError, RecursionError, MemoryError) as error:
        raise _too_large() from error
    if isinstance(value, float) and not math.isfinite(value):
        raise _too_large()
    return value


def _value(node: ast.expr, depth: int) -> Number:
    if depth > MOST_DEPTH:
        raise _too_large()
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _bounded(value)
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, depth + 1)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, depth + 1)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, depth + 1), _value(right, depth + 1))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            found = _BINARY[type(op)](_value(left, depth + 1), _value(right, depth + 1))
            return _bounded(found)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _called(name, [_value(one, depth + 1) for one in args])
    raise ValueError(ast.unparse(node)[:80])


def _called(name: str, values: list[Number]) -> Number:
    if name == "factorial" and len(values) == 1:
        if not isinstance(values[0], int) or not 0 <= values[0] <= 5000:
            raise _too_large()
        return _bounded(math.factorial(values[0]))
    if name not in _FUNCTIONS:
        raise ValueError(name)
    return _bounded(_FUNCTIONS[name](*values))


def _power(base: Number, exponent: Number) -> Number:
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and abs(exponent) * max(int(base).bit_length(), 1) > MOST_BITS:
        raise _too_large()
    found = base**exponent
    if isinstance(found, complex):
        raise ValueError(f"{base} ** {exponent}")
    return _bounded(found)


def _bounded(value: Number) -> Number:
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise _too_large()
    return value


def _written(value: Number) -> str:
    """A number as people write it: 0.1 + 0.2 is 0.3, and 6 / 2 is 3."""
    if isinstance(value, int):
        if value.bit_length() > MOST_DIGITS * 3.4:
            raise _too_large()
        return str(value)
    near = float(f"{value:.15g}")
    return str(int(near)) if near.is_integer() and abs(near) < 1e15 else repr(near)


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _too_large() -> KnownError:
    return KnownError("The numbers of this become too large. Ask for a smaller one.", "request")
