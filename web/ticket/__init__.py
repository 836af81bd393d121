"""The page of one ticket, and each gesture made on it."""
