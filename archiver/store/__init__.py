"""Store: the archive in a database, through SQLAlchemy Core. SQL is written in this room only."""
