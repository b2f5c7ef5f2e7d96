"""Training a model of actions from the window: what is learnt from, the work in a process of its own, the outcome."""
