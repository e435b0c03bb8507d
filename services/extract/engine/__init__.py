"""The engine: pure functions, text in, attributions out.

No Flask, Celery, SQLAlchemy, environment or clock in here.
"""
