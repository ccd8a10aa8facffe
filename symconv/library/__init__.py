"""The library: statements in mathematical order, one file a topic.  Proofs are found each time, never stored."""
