"""What a terminal says of calls: the question before one, and what it gave."""

from __future__ import annotations

from desktop.assistant.agent.consent import Question

_SHOWN_LINES, _SHOWN_CHARACTERS = 12, 1_000


def described(question: Question) -> list[str]:
    """The lines of a question."""
    tool = question.tool
    lines = [f"The model asks for: {tool.title} ({tool.name}, {tool.server})"]
    lines.append(f"  touches: {', '.join(tool.touches)}")
    if tool.notice is not None:
        lines.append(f"  note: {tool.notice}")
    if question.changed:
        lines.append("  it is another tool now than the one that you decided on")
    if question.foreign:
        lines.append("  text from elsewhere was read before, which may have asked for this")
    lines.append(f"  {question.arguments}")
    if question.preview is not None:
        lines += [f"  {line}" for line in question.preview.text.splitlines()]
    return lines


def excerpt(text: str) -> str:
    """The beginning of what a call gave."""
    lines = text.splitlines()
    shown_lines = lines[:_SHOWN_LINES]
    more = len(lines) - len(shown_lines)
    cut = "\n".join(shown_lines)[:_SHOWN_CHARACTERS]
    return f"{cut}\n[{more} more lines]" if more else cut
