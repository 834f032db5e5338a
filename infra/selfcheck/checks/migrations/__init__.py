"""What migrations promise: one line of history, never rewritten, safe to run, and a schema file that is in step."""
