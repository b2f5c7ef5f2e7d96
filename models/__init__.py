"""What a model is, which ones are known, and how their files get onto this machine. Knows no `core` and no `app`."""
