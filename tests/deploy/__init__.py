"""Tests of `deploy/`: its parts without Ray, and its application where Ray is installed."""
