"""What the figures should be, computed a second time, slowly and plainly, from indicators.md alone.

Nothing here imports crmkpi, pandas or DuckDB: an oracle that shares code with the engine shares its errors.
Reading order: calendar (periods, working days), targets (rule 8), commercial (family 1), strategies (random companies).
"""
