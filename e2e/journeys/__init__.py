"""The journeys, in the order in which they are walked."""

from journeys import signing_in  # noqa: F401
