"""The recipe that made the embedded net. It needs the optional extra `train`; nothing of the program needs it."""
