"""One module per stranger: STRANGER says what it is, and its visit what must go well."""
