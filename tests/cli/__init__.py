"""The command line, and the real sets through it."""
