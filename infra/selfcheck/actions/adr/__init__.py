"""Decisions written and changed: planned first, as whole files of bytes, then applied all together or not at all."""
