"""The tests of the core in the Python that runs in a browser."""
