"""What people receive: the texts, the ways out, the delivery of the outbox. Decides nothing."""
