"""Do the tests notice a wrong figure? Each SQL file is changed in one place; some test has to fail.

``make mutate`` runs every mutant and writes ``docs/mutation.md``; ``tests/test_mutation.py`` runs a sample of them.
"""
