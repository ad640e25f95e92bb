"""Rules that Markdown lacks inside its paragraphs: emphasis beside Chinese and Japanese
punctuation, formulas between dollars or backslashed brackets, and boxes of task lists.

Knows the parser; no HTML.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

_TASKS = {"[ ] ": "unchecked", "[x] ": "checked"}
"""What begins an item of a task list, and the class of an item that Qt draws so."""
_MARKS = (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$"))
"""What begins a formula and what ends it."""
_BLOCK_MARKS = {"$$": "$$", "\\[": "\\]"}


class FriendlyInline(ParserInline):
    """Tells where emphasis begins and ends also where words stand without spaces."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """The tokens of one paragraph."""
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _State(StateInline):
    """As CommonMark, but for marks beside characters of East Asia: none of their punctuation keeps
    a mark from opening or closing, and next to their letters no other punctuation does."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """Whether a run of marks can begin and can end emphasis."""
        mark, end = self.src[start], start
        while end < self.posMax and self.src[end] == mark:
            end += 1
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        opens, closes = _reaches(after, before), _reaches(before, after)
        return Scanned(
            opens and (canSplitWord or not closes or _is_mark(before)),
            closes and (canSplitWord or not opens or _is_mark(after)),
            end - start,
        )


def _reaches(inner: str, outer: str) -> bool:
    """Whether marks between these belong to the inner one."""
    if isWhiteSpace(ord(inner)):
        return False
    foreign = _is_mark(inner) and not _is_wide(inner)
    return not foreign or isWhiteSpace(ord(outer)) or _is_mark(outer) or _is_wide(outer)


def _is_mark(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


@lru_cache(maxsize=4096)
def _is_wide(character: str) -> bool:
    """Whether it is a letter or a punctuation mark of East Asia."""
    wide = unicodedata.east_asian_width(character) in "WFH"
    return wide and unicodedata.category(character) != "So"


def formula(state: StateInline, silent: bool) -> bool:
    """A formula within a line."""
    for begin, end in _MARKS:
        if state.src.startswith(begin, state.pos):
            at = _end_of(state, len(begin), end)
            if at < 0:
                continue
            if not silent:
                token = state.push("formula", "", 0)
                token.content = state.src[state.pos + len(begin) : at].strip()
                token.markup = begin
            state.pos = at + len(end)
            return True
    return False


def _end_of(state: StateInline, skipped: int, end: str) -> int:
    """Where the formula ends; -1 where there is none: a dollar may be money."""
    begin = state.pos + skipped
    if end != "$":
        at = state.src.find(end, begin, state.posMax)
        return at if at > begin and state.src[begin:at].strip() else -1
    found = _DOLLARS.match(state.src, state.pos, state.posMax)
    return -1 if found is None else found.end() - 1


_DOLLARS = re.compile(r"\$(?![\s$])(?:[^$\\\n]|\\.){0,400}?(?<!\s)\$(?![\d$])")
"""No space within the dollars and no digit behind them: `$5 and $10` is money."""


def formula_block(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    """A formula on lines of its own."""
    first = state.src[state.bMarks[begin] + state.tShift[begin] : state.eMarks[begin]].strip()
    closing = _BLOCK_MARKS.get(first[:2])
    if closing is None or state.is_code_block(begin):
        return False
    last = _last_line(state, begin, end, first[2:], closing)
    lines = state.getLines(begin, last + 1, state.blkIndent, False).strip() if last >= 0 else ""
    content = lines[2:].removesuffix(closing).strip()
    if silent or not content:
        return bool(content)
    token = state.push("formula_block", "", 0)
    token.content = content
    token.map = [begin, last + 1]
    state.line = last + 1
    return True


def _last_line(state: StateBlock, begin: int, end: int, first: str, closing: str) -> int:
    """The line on which a formula ends that begins on another; -1 where it does not."""
    if closing in first:
        return begin if first.find(closing) == len(first) - 2 else -1
    for line in range(begin + 1, end):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return -1
        words = state.src[state.bMarks[line] : state.eMarks[line]].rstrip()
        if closing in words:
            return line if words.find(closing) == len(words) - 2 else -1
    return -1


def tasks(state: StateCore) -> None:
    """Boxes in place of the points and brackets of a task list."""
    for item, paragraph, words in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if (item.type, paragraph.type) == ("list_item_open", "paragraph_open") and words.children:
            first = words.children[0]
            kind = _TASKS.get(first.content[:4].lower())
            if first.type == "text" and kind is not None:
                first.content = first.content[4:]
                item.attrSet("class", kind)


def teach(parser: MarkdownIt) -> MarkdownIt:
    """Teach a parser these rules."""
    parser.inline.ruler.before("escape", "formula", formula)
    parser.inline.add_terminator_char("$")
    parser.core.ruler.after("inline", "tasks", tasks)
    return teach_blocks(parser)


def teach_blocks(parser: MarkdownIt) -> MarkdownIt:
    """Teach a parser the rules that tell blocks from each other."""
    options: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "formula_block", formula_block, options)
    return parser
