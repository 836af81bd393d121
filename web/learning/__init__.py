"""The classifier's mistakes: how often people say otherwise, and which of it may be learnt."""
