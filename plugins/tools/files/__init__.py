"""Tools for the files of granted folders: look, read, find, write, move, delete."""
