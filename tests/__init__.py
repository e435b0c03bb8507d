"""Beleg's tests."""
