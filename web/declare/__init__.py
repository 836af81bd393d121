"""What a collège does: signal an incident, and follow its tickets."""
