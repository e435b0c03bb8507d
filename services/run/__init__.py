"""Runs every service on one machine, for development and the demo."""
