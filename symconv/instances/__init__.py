"""The SymPy side: taps and samples as symbols, instances expanded and compared by exact coefficients.

A second, independent confirmation of every theorem on small sizes; nothing of `proof/` or `tactics/` is used, but where
`transposes` asks for an adjoint in closed form and compares its matrix with the transpose.
"""
