"""Beleg: who says this, according to whom, and where exactly it stands."""
