"""Work: what to do next, for whom, by when; alerts that become tasks; who is left alone so that it can be proved."""
