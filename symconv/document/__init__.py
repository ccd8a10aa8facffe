"""What to say: documents of sections, statements, chains and figures, in frozen records that know no format."""
