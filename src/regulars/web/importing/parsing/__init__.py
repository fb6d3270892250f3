"""Reading an uploaded file in a process of its own, which knows nothing of the workspace: no Django, no secrets."""
