"""Grading: somebody's derivation, line by line."""
