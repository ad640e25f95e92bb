"""Language models behind servers: a real `medley serve`, and a server that fails as it is told."""
