"""People: users, teams, roles, and what each may do."""
