"""The records, one module a subject; import `storage.models.all` to have every table known."""
