"""Measures the product beside its yardsticks, in one run, on this machine. docs/performance.md tells how to read it."""
