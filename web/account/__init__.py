"""A person's own account: sign in and out, forgotten password, « Mon compte »."""
