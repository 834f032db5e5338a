"""Instructions for people and agents: rules in files, their mirror in a database, and the copies that platforms read."""
