"""The journeys, in the order in which they are walked."""

from journeys import decisions, facts, forecast, scorecard, signing_in, ways  # noqa: F401
