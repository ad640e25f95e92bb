"""Speech for other programs: the routes, and the helper processes that speak and hear."""
