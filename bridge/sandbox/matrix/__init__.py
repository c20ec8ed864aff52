"""Matrix in the sandbox: no pretence, but a real Synapse on loopback, with people and rooms in it."""
