"""People who are drawn: demos without a camera, and the truth for tests and training."""
