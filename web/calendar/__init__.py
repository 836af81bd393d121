"""« Calendrier »: service days, what is decided about them, and force majeure."""
