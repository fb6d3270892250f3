"""The e-mail channel of campaigns: what is written, who may get it, that it goes once, how one gets rid of it."""
