"""What a section of a note says, one file for each kind of record."""
