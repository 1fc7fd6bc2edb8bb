"""Measures the product beside its yardsticks, in one run, on this machine. `python3 manage.py bench` runs it; docs/performance.md explains."""
