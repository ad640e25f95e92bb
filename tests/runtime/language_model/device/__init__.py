"""Tests of what llama.cpp is loaded with."""
