"""The built-in renderers for diffusers pipelines: pictures, sounds, clips."""
