"""What every app shares: the shell, its parts, access to pages, jobs, conflicts."""
