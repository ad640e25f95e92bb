"""What benchmarks of the voice share: a room with echo, and sounds that are no words."""
