"""Serves attributions, sources and the documentation over HTTP."""
