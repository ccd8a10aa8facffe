"""The trusted part: rules, theorems and the replay of derivations from plain data.  No search, no I/O, no settings."""
