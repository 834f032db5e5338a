"""Whether an application tells how it is, and whether what it tells can be believed."""
