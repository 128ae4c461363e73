"""The journeys, in the order in which they are walked."""

from journeys import decisions, facts, forecast, plans, scorecard, signing_in, ways  # noqa: F401
