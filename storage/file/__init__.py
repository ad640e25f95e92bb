"""The library's file: opened, brought up to date, checked, repaired, backed up."""
