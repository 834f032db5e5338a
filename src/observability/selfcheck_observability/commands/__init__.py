"""The commands that ask the memory; none imports SQLAlchemy before it is called."""
