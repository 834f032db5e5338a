"""What runs in the project's interpreter, which has alembic and SQLAlchemy, or Django, and nothing of ours."""
