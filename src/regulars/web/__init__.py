"""The web application: people act here. Each folder is one Django app; `docs/web.md` says how an app is built."""
