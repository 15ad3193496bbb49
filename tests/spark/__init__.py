"""Spark says what DuckDB says."""
