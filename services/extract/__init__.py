"""The extraction worker: text in, attribution records out."""
