"""What changes something: always a plan first, then apply."""
