"""Writes formulas in LaTeX's language so that they can be read on a line: Greek letters, signs,
raised and lowered parts. What it does not know stays as it was written. Knows HTML, no Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

LONGEST = 2_000
"""Characters of a formula; a longer one is shown as it was written."""
DEEPEST = 12
_SIGNS = {
    name: sign
    for line in (
        "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ",
        "iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ",
        "varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ",
        "Psi Ψ Omega Ω sum ∑ prod ∏ int ∫ oint ∮ infty ∞ partial ∂ nabla ∇ forall ∀ exists ∃",
        "in ∈ notin ∉ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ emptyset ∅ setminus ∖",
        "times × cdot · div ÷ pm ± mp ∓ ast ∗ circ ∘ bullet • oplus ⊕ otimes ⊗ le ≤ leq ≤ ge ≥",
        "geq ≥ ne ≠ neq ≠ approx ≈ equiv ≡ sim ∼ simeq ≃ propto ∝ ll ≪ gg ≫ mid ∣ parallel ∥",
        "perp ⊥ angle ∠ degree ° to → rightarrow → leftarrow ← Rightarrow ⇒ Leftarrow ⇐",
        "leftrightarrow ↔ Leftrightarrow ⇔ iff ⇔ implies ⇒ mapsto ↦ land ∧ wedge ∧ lor ∨ vee ∨",
        "neg ¬ lnot ¬ therefore ∴ because ∵ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ hbar ℏ ell ℓ",
        "Re ℜ Im ℑ aleph ℵ prime ′ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ | ‖",
        "triangle △ square □ star ⋆ dagger † checkmark ✓",
    )
    for name, sign in zip(line.split()[::2], line.split()[1::2], strict=True)
}
_SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "quad": "  ", "qquad": "    "}
_SILENT = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle limits nolimits "
    "mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak text textbf textit textrm "
    "operatorname boldsymbol bm".split()
)
"""What changes the look alone."""
_ACCENTS = {
    "hat": "\u0302", "bar": "\u0304", "overline": "\u0305", "vec": "\u20d7", "dot": "\u0307",
    "ddot": "\u0308", "tilde": "\u0303",
}  # fmt: skip
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_&~]|\s+|[^\\{}^_&~\s]", re.DOTALL)
_AROUND = re.compile(r"\\(?:begin|end)\{[^{}]*\}(?:\{[^{}]*\})?")


def readable(formula: str) -> str:
    """HTML of a formula."""
    if len(formula) > LONGEST:
        return escape(formula)
    try:
        return _Formula(_AROUND.sub("", formula).strip()).html()
    except ValueError:
        return escape(formula)


class _Formula:
    """One formula on its way to HTML."""

    def __init__(self, formula: str) -> None:
        self._tokens = _TOKEN.findall(formula)
        self._at = 0

    def html(self) -> str:
        """All of it. Raises ValueError where its brackets do not match."""
        found = "".join(self._until_end(0))
        if self._at < len(self._tokens):
            raise ValueError("a bracket too many")
        return found

    def _until_end(self, depth: int) -> Iterator[str]:
        while self._at < len(self._tokens) and self._tokens[self._at] != "}":
            yield self._next(depth)

    def _next(self, depth: int) -> str:
        """The next piece, with all that belongs to it."""
        if depth > DEEPEST or self._at >= len(self._tokens):
            raise ValueError("nested too deeply, or something is missing")
        token = self._tokens[self._at]
        self._at += 1
        if token == "{":
            return self._group(depth)
        if token in ("^", "_"):
            tag = "sup" if token == "^" else "sub"
            return f"<{tag}>{self._argument(depth)}</{tag}>"
        if token.startswith("\\"):
            return self._command(token[1:], depth)
        return " " if token in "&~" or token.isspace() else escape(token)

    def _group(self, depth: int) -> str:
        found = "".join(self._until_end(depth + 1))
        if self._at >= len(self._tokens):
            raise ValueError("a bracket is missing")
        self._at += 1
        return found

    def _argument(self, depth: int) -> str:
        while self._at < len(self._tokens) and self._tokens[self._at].isspace():
            self._at += 1
        return self._next(depth + 1)

    def _command(self, name: str, depth: int) -> str:
        if name in ("frac", "dfrac", "tfrac", "binom"):
            upper, lower = _whole(self._argument(depth)), _whole(self._argument(depth))
            return f"C({upper}, {lower})" if name == "binom" else f"{upper}/{lower}"
        if name == "sqrt":
            return "√" + _whole(self._argument(depth))
        if name in _ACCENTS:
            return self._argument(depth) + _ACCENTS[name]
        if name == "\\":
            return "<br>"
        if name in _SILENT:
            return ""
        plain = name if not name.isalpha() or len(name) > 1 else f"\\{name}"
        return _SIGNS.get(name, _SPACES.get(name, escape(plain)))


def _whole(part: str) -> str:
    """In brackets where it is more than one sign or number."""
    words = re.sub(r"<su[bp]>.*?</su[bp]>", "", part).strip()
    return part if re.fullmatch(r"\w+|&?\w+;|[^\s<>]", words) else f"({part})"
