"""The SymPy side: taps and samples as symbols, instances expanded and compared by exact coefficients.

A second, independent confirmation of every theorem on small sizes; nothing of `proof/` or `tactics/` is used.
"""
