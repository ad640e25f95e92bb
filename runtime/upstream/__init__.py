"""A language model behind an OpenAI-compatible server, in the place of one of llama.cpp.

Conversations reach it as tokens of a vocabulary that is made up here and are taken apart again into
messages, so prompts, media choice, captions and tools are those of every other bundle.
"""
