"""Untrusted search: normal form, matching, solving, lifting, counterexamples.  May fail, can not lie."""
