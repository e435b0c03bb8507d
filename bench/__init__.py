"""Benchmarks: accuracy, speed, load; each needs a folder of data that the project does not hold."""
