"""The marks between which a conversation stands on its way to an upstream model. Plain data.

No server sees them: what stands between them becomes messages, tools and calls of its API.
"""

from __future__ import annotations

SYSTEM, USER, END, ANSWER = "<|system|>", "<|user|>", "<|/|>", "<|answer|>"
TOOLS, TOOLS_END = "<|tools|>", "<|/tools|>"
CALL, CALL_NAME, CALL_ARGUMENTS, CALL_END = "<|call|>", "<|name|>", "<|arguments|>", "<|/call|>"
RESULTS, RESULTS_END = "<|results|>", "<|/results|>"
RESULT, RESULT_TEXT, RESULT_END = "<|result|>", "<|text|>", "<|/result|>"
MARKS = (
    SYSTEM, USER, END, ANSWER, TOOLS, TOOLS_END, CALL, CALL_NAME, CALL_ARGUMENTS, CALL_END, RESULTS,
    RESULTS_END, RESULT, RESULT_TEXT, RESULT_END,
)  # fmt: skip
"""All of them; a mark's place is its token."""
