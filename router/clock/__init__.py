"""Time, pure: service calendars, working-time arithmetic, targets, ladders. Never reads the current time."""
