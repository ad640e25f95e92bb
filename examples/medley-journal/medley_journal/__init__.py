"""A Medley plugin with a tool: it adds dated lines to a journal in a folder of yours."""
