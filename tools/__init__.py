"""What a maintainer runs through kit.py: pins and their digests, the bill of materials, the tests in a browser's Python."""
