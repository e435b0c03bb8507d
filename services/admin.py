"""`python -m services.admin`: what must work without a running service."""
