"""The first hour with Medley: scenes that a person meets, answered by the starter, and the page
`docs/first-hour.md` that tells them word for word."""
