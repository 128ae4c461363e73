"""The journeys, in the order in which they are walked."""

from journeys import (  # noqa: F401
    decisions,
    facts,
    forecast,
    impact,
    plans,
    scorecard,
    signing_in,
    ways,
)
