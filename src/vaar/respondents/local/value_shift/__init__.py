"""Values in the activations of a model on this machine: told by probes, and shifted along them."""
