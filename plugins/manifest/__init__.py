"""Static plugin manifests: which renderers, readers and tools there are, read without importing a
plugin.

A plugin is a distribution with an entry point in the group `medley.plugins` (its name is the
plugin's name, its value the package) and a file `medley-plugin.toml`. Third-party plugins are off
until their name is enabled; a plugin's code is imported by `load`, on first use.
"""

from plugins.manifest.declarations import Discovery as Discovery
from plugins.manifest.declarations import PluginManifest as PluginManifest
from plugins.manifest.declarations import Problem as Problem
from plugins.manifest.declarations import Purpose as Purpose
from plugins.manifest.declarations import ReaderManifest as ReaderManifest
from plugins.manifest.declarations import RendererManifest as RendererManifest
from plugins.manifest.declarations import ToolManifest as ToolManifest
from plugins.manifest.discovery import BUILT_IN as BUILT_IN
from plugins.manifest.discovery import FILE as FILE
from plugins.manifest.discovery import GROUP as GROUP
from plugins.manifest.discovery import discover as discover
from plugins.manifest.loading import SuspendedError as SuspendedError
from plugins.manifest.loading import load as load
from plugins.manifest.loading import load_reader as load_reader
from plugins.manifest.loading import load_tool as load_tool
