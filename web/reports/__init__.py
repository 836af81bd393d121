"""The manager's pages: figures of a period, the tickets behind each, the file for a spreadsheet."""
