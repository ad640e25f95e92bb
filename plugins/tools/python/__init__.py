"""`run_python`: a program of the model's in a sandbox without network."""
