"""Who works here: bindings, address books, joining and leaving."""
