"""Tests of what is read in shell lines."""
