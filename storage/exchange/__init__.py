"""Conversations to and from folders, zip files and other libraries."""
