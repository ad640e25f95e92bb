"""Recording attachments in the window: a sound, a picture or clip of the camera, of the screen."""
