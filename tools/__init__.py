"""Programs for developers: screenshots of the window, sheets of true media. Not shipped."""
