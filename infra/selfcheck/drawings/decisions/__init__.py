"""Decisions as pictures, tables and data for other programs: values in, text out."""
