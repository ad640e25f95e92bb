"""A published checkpoint of NExT-GPT and the models around it become a bundle."""
