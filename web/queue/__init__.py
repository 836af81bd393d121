"""The queue: what a team, or a RUPN, has to deal with, most urgent first."""
