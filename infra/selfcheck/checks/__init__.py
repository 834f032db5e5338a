"""One module a check, or a tight family: it asks a subject and yields what it saw."""
