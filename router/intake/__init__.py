"""What comes from outside as files: collèges, inventory, people. Reads, diagnoses, upserts; decides nothing."""
