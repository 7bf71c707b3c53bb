"""A stand-in for the Family Assistant application, for tests of its operator. What it does: tests/images/README.md."""
